import { describe, expect, it } from "vitest";
import {
  broadcastShapes,
  broadcastStrides,
  dropAxes,
  keepDims,
  offsetsOf,
  otherAxes,
  sizeOf,
  stridesOf,
} from "../../dist/tensor/shape";

describe("shapes", () => {
  it("have a size and row-major strides, a scalar's and an empty one's too", () => {
    expect([[], [5], [2, 3, 4], [2, 0, 4]].map(sizeOf)).toEqual([1, 5, 24, 0]);
    expect([[], [5], [2, 3, 4]].map(stridesOf)).toEqual([[], [1], [12, 4, 1]]);
  });

  it("lose axes, or keep them with length 1", () => {
    expect(keepDims([2, 3, 4], [0, 2])).toEqual([1, 3, 1]);
    expect(dropAxes([2, 3, 4], [0, 2])).toEqual([3]);
    expect(otherAxes(3, [1])).toEqual([0, 2]);
    expect(otherAxes(2, [])).toEqual([0, 1]);
  });

  it("broadcast in both directions, aligned at the right", () => {
    expect(broadcastShapes([2, 3], [3])).toEqual([2, 3]);
    expect(broadcastShapes([3], [2, 3])).toEqual([2, 3]);
    expect(broadcastShapes([4, 1, 3], [2, 1])).toEqual([4, 2, 3]);
    expect(broadcastShapes([], [2])).toEqual([2]);
    expect(broadcastShapes([0, 3], [1])).toEqual([0, 3]);
    expect(() => broadcastShapes([2, 3], [2])).toThrow(
      new RangeError("the second tensor is of shape [2]; it must be of a shape that broadcasts with [2, 3]."),
    );
  });

  it("read the same place again where they are stretched", () => {
    expect(broadcastStrides([3], [2, 3])).toEqual([0, 1]);
    expect(broadcastStrides([2, 1, 3], [2, 4, 3])).toEqual([3, 0, 1]);
    expect(broadcastStrides([], [2, 2])).toEqual([0, 0]);
  });

  it("are walked in row-major order under other strides", () => {
    expect([...offsetsOf([2, 3], [3, 1])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...offsetsOf([3, 2], [1, 3])]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...offsetsOf([2, 2, 2], [0, 5, 1])]).toEqual([0, 1, 5, 6, 0, 1, 5, 6]);
    expect([...offsetsOf([], [])]).toEqual([0]);
    expect([...offsetsOf([2, 0], [1, 1])]).toEqual([]);
  });
});
