import { tensor } from "normlab";
import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/checks/diagnose";
import { Complaint, field, invoke, NotDone } from "../../src/checks/invoke";
import { report } from "../../src/checks/report";

const say = (name: string, message?: string) => ({ name, run: () => message });

describe("report", () => {
  it("says how many checks passed, and what is wrong", () => {
    const result = report("bn-forward", [say("shape"), say("γ and β", "you forgot β")]);
    expect(result).toMatchObject({ status: "failed", passed: false, score: 0.5 });
    expect(result.toString()).toBe("bn-forward: 1 of 2 checks passed\n  ✓ shape\n  ✗ γ and β: you forgot β");
    expect(report("bn-forward", [say("a"), say("b")]).toString()).toMatch(/^bn-forward: all 2 checks passed/);
  });

  it("calls an exercise that still throws its own error not done, and gives it no points", () => {
    const stub = () => {
      throw new Error("Exercise bn-forward: write the forward pass");
    };
    const result = report("bn-forward", [
      say("always"),
      { name: "x", run: () => void invoke(stub) as undefined },
    ]);
    expect(result).toMatchObject({ status: "not done", score: 0, results: [] });
    expect(result.toString()).toBe("bn-forward: not done yet");
  });

  it("never throws: errors of the learner's function and of the check itself become messages", () => {
    const broken = () => {
      throw new TypeError("x.foo is not a function");
    };
    const result = report("id", [
      { name: "theirs", run: () => void invoke(broken) as undefined },
      {
        name: "ours",
        run: () => {
          throw new Error("oops");
        },
      },
    ]);
    expect(result.results.map(({ message }) => message)).toEqual([
      "your function stopped with an error: x.foo is not a function",
      "this check itself went wrong: Error: oops",
    ]);
  });

  it("does not repeat a message, escapes markup but keeps code, and answers Jupyter's symbol", () => {
    const result = report("id", [say("a", "wrong `x_1` and a*b*c"), say("b", "wrong `x_1` and a*b*c")]);
    const shown = (result as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(shown["text/plain"]).toContain("✗ b: (as above)");
    expect(shown["text/markdown"]).toContain("wrong `x_1` and a\\*b\\*c");
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ status: "failed", score: 0 });
  });

  it("no cases are no success", () => {
    expect(report("id", []).passed).toBe(false);
  });
});

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

describe("diagnose", () => {
  const right = [
    [1, 2],
    [3, 4.5],
  ];
  const named = { name: "y" };

  it("accepts tensors and nested arrays that are equal up to rounding", () => {
    expect(diagnose(tensor(right), right)).toBeUndefined();
    expect(
      diagnose(
        [
          [1 + 1e-9, 2],
          [3, 4.5],
        ],
        right,
      ),
    ).toBeUndefined();
    expect(diagnose(3, tensor(3))).toBeUndefined();
    expect(diagnose([0, 1e-17], [0, 0])).toBeUndefined();
  });

  it("names the misconception that gives the same values, whatever its shape", () => {
    const known = [
      {
        message: "never applicable",
        value: () => {
          throw new Error();
        },
      },
      { message: "you took the mean over the rows", value: [1.5, 3.75] },
    ];
    expect(diagnose([1.5, 3.75], right, known)).toBe("you took the mean over the rows");
    expect(diagnose([1.5, 3.7], right, known)).toMatch(/shape \[2\]/);
  });

  it.each([
    ["nothing", undefined, /`y` is undefined; .*shape \[2, 2\].*`return`/],
    ["a promise", Promise.resolve(), /promise/],
    ["a string", "4", /is a string; it must be a tensor of shape \[2, 2\]/],
    ["null", null, /is null/],
    ["ragged rows", [[1], [2, 3]], /not made of numbers in equal rows/],
    ["another shape", [[1, 2, 3]], /`y` has shape \[1, 3\]; it must be a tensor of shape \[2, 2\]\.$/],
    ["kept axes", [right], /axes of length 1/],
    [
      "NaN",
      [
        [1, NaN],
        [3, 4],
      ],
      /`y\[0, 1\]` is NaN; it must be 2\.0/,
    ],
    [
      "infinity",
      [
        [1, 2],
        [Infinity, 4],
      ],
      /`y\[1, 0\]` is Infinity/,
    ],
    [
      "the wrong sign",
      [
        [-1, -2],
        [-3, -4.5],
      ],
      /wrong sign/,
    ],
    [
      "half of it",
      [
        [0.5, 1],
        [1.5, 2.25],
      ],
      /every value of `y` is 0\.5 times/,
    ],
    [
      "one wrong element",
      [
        [1, 2],
        [3.25, 4.5],
      ],
      /`y\[1, 0\]` is 3\.25; it must be 3\./,
    ],
    [
      "a tiny difference",
      [
        [1, 2.00001],
        [3, 4.5],
      ],
      /is 2\.00001; it must be 2\./,
    ],
  ])("says what is wrong with %s", (_, actual, message) => {
    expect(diagnose(actual, right, [], named)).toMatch(message);
  });

  it("shows as many digits as it takes to see the difference", () => {
    expect(diagnose([1, 2.00000001], [1, 2], [], { tolerance: 1e-12 })).toMatch(
      /2\.00000001; it must be 2\./,
    );
  });
});
