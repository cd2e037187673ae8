import { describe, expect, it } from "vitest";
import { Complaint, field, invoke, NotDone } from "../../dist/checks/invoke";
import { tensor, type Tensor } from "../../dist/tensor";

describe("invoke", () => {
  it("passes copies, and names the input that was changed", () => {
    const x = tensor([1, 2, 3]);
    const spoil = ({ x: t }: { x: typeof x; n: number[] }) => {
      t.data[0] = 9;
      return t;
    };
    expect(() => invoke(spoil, { x, n: [1] })).toThrow(/changed its input `x`/);
    expect(x.data[0]).toBe(1);
    expect(() => invoke((a: number[]) => a.push(1), [1])).toThrow(/changed its input \(argument 1\)/);
    expect(invoke((t: typeof x) => t.mul(2).toArray(), x)).toEqual([2, 4, 6]);
  });

  it("takes an input that was NaN, and is left alone, for unchanged", () => {
    const first = (t: Tensor, values: number[], value: number) => [t.data[0], values[0], value];
    expect(invoke(first, tensor([NaN, 1]), [NaN], NaN)).toEqual([NaN, NaN, NaN]);
  });

  it("tells unsolved exercises, errors and things that are no function apart", () => {
    const throwing = (message: string) => () => {
      throw new Error(message);
    };
    expect(() => invoke(throwing("Exercise a-b: …"))).toThrow(NotDone);
    expect(() => invoke(throwing("no exercise"))).toThrow(Complaint);
    expect(() => invoke(undefined as never)).toThrow(/given undefined; it must be given your function/);
  });

  it("field says when the result lacks it", () => {
    expect(field({ dx: 1 }, "dx")).toBe(1);
    expect(() => field(undefined, "dx")).toThrow(/returned nothing; is a `return` missing/);
    expect(() => field({ y: 1 }, "dx")).toThrow(/no `dx`/);
    expect(() => field(Promise.resolve(), "dx")).toThrow(/promise/);
  });
});
