import { allClose, asTensor, full, ones, randomNormal, Tensor, tensor, zeros } from "normlab";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";

const x = tensor([
  [3, 1, 2],
  [4, 5, 6],
]);

describe("tensor", () => {
  it("reads nested arrays, flat data with a shape, typed arrays and numbers", () => {
    expect(x.shape).toEqual([2, 3]);
    expect([...x.data]).toEqual([3, 1, 2, 4, 5, 6]);
    expect(tensor([3, 1, 2, 4, 5, 6], [2, 3]).toArray()).toEqual(x.toArray());
    expect(tensor([new Float32Array([1, 2]), new Float32Array([3, 4])]).shape).toEqual([2, 2]);
    expect(tensor(7)).toMatchObject({ shape: [], rank: 0, size: 1 });
    expect(tensor([]).shape).toEqual([0]);
  });

  it("refuses ragged arrays and shapes that don't fit, naming the place", () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(
      "values[1] is [3]; it must be an array of 2, as its neighbours are.",
    );
    expect(() =>
      tensor([
        [[1], [2]],
        [[3], 4],
      ]),
    ).toThrow("values[1][1] is 4; it must be an array of 1");
    expect(() => tensor([[1], [[2]]])).toThrow("values[1][0] is [2]; it must be a number.");
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow("shape is [2, 2]; it must be a shape of 3 elements");
    expect(() => tensor([1, 2], [-1, -2])).toThrow(/shape is \[-1, -2\].*non-negative/);
    expect(() => asTensor("x", "text")).toThrow('x is "text"; it must be a tensor');
    expect(() => asTensor("x", null)).toThrow("x is null; it must be a tensor");
    expect(() => new Tensor([2], new Float64Array(3))).toThrow("shape is [2]");
  });

  it("goes to nested arrays and to JSON and back", () => {
    const y = randomNormal([2, 3, 2], { seed: 1 });
    expect(tensor(y.toArray())).toEqual(y);
    expect(asTensor("y", JSON.parse(JSON.stringify(y)))).toEqual(y);
    expect(tensor(5).toArray()).toBe(5);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
  });

  it("is printed with its shape, aligned, and cut when long", () => {
    expect(inspect(x)).toBe("Tensor [2, 3]\n[[3, 1, 2],\n [4, 5, 6]]");
    expect(String(tensor([[[1, -2]], [[1 / 3, 1e-9]]]))).toBe(
      "[[[       1,       -2]],\n\n [[0.333333,     1e-9]]]",
    );
    expect(String(tensor(2.5))).toBe("2.5");
    expect(String(tensor([NaN, -Infinity]))).toBe("[      NaN, -Infinity]");
    const long = String(ones([40, 40]));
    expect(long.split("\n")).toHaveLength(7);
    expect(long).toContain("1, 1, 1, …, 1, 1, 1");
    expect(String(zeros([0]))).toBe("[]");
  });

  it("is cut from 201 elements on, and has powers of ten from 10⁷ on", () => {
    expect(String(zeros([200]))).not.toContain("…");
    expect(String(zeros([201]))).toContain("…");
    expect(String(tensor([9999990, 1e7, 1e-4, 9.9e-5]))).toBe("[9999990,    1e+7,  0.0001,  9.9e-5]");
  });

  it("broadcasts as NumPy does", () => {
    expect(x.add(tensor([10, 20, 30])).toArray()).toEqual([
      [13, 21, 32],
      [14, 25, 36],
    ]);
    expect(x.mul(tensor([[2], [3]])).toArray()).toEqual([
      [6, 2, 4],
      [12, 15, 18],
    ]);
    expect(
      tensor([[1], [2]])
        .sub(tensor([1, 2, 3]))
        .toArray(),
    ).toEqual([
      [0, -1, -2],
      [1, 0, -1],
    ]);
    expect(x.div(2).at(1, -1)).toBe(3);
    expect(() => x.add(tensor([1, 2]))).toThrow(/shape \[2\].*broadcasts with \[2, 3\]/);
  });

  it("applies functions to every element", () => {
    const y = tensor([-2, 0.5]);
    expect(y.square().toArray()).toEqual([4, 0.25]);
    expect(y.abs().sqrt().toArray()).toEqual([Math.SQRT2, Math.SQRT1_2]);
    expect(y.relu().toArray()).toEqual([0, 0.5]);
    expect(y.neg().toArray()).toEqual([2, -0.5]);
    expect(y.tanh().toArray()).toEqual([Math.tanh(-2), Math.tanh(0.5)]);
    expect(y.exp().toArray()).toEqual([Math.exp(-2), Math.exp(0.5)]);
  });

  it("reduces over axes, dropping or keeping them", () => {
    expect(x.sum().at()).toBe(21);
    expect(x.mean([0]).toArray()).toEqual([3.5, 3, 4]);
    expect(x.mean([-1]).toArray()).toEqual([2, 5]);
    expect(x.sum([1], true).toArray()).toEqual([[6], [15]]);
    const y = randomNormal([2, 3, 4], { seed: 1 });
    expect(y.sum([0, 2]).at(1)).toBeCloseTo(
      [0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => y.at(i, 1, k))).reduce((a, b) => a + b),
      14,
    );
    expect(() => x.sum([2])).toThrow("axes is 2; it must be a whole number from -2 to 1");
    expect(() => x.sum([0, 0])).toThrow(/twice/);
  });

  it("reshapes and transposes", () => {
    expect(x.reshape([3, -1]).toArray()).toEqual([
      [3, 1],
      [2, 4],
      [5, 6],
    ]);
    expect(x.transpose().toArray()).toEqual([
      [3, 4],
      [1, 5],
      [2, 6],
    ]);
    const y = randomNormal([2, 3, 4], { seed: 1 });
    expect(y.transpose([2, 0, 1]).at(3, 1, 2)).toBe(y.at(1, 2, 3));
    expect(() => x.reshape([4, 2])).toThrow("shape is [4, 2]; it must be a shape of 6 elements");
    expect(() => x.reshape([4, -1])).toThrow(/shape is \[4, -1\]/);
    expect(() => x.transpose([0, 0])).toThrow(/order is \[0, 0\].*every axis/);
    expect(() => x.at(2, 0)).toThrow("index 0 is 2");
    expect(() => x.at(1)).toThrow(/the index is \[1\].*length 2/);
  });

  it("never changes what it was made from", () => {
    const before = [...x.data];
    x.add(1).mul(2).sum([0]);
    x.reshape([6]).map(() => 0);
    expect([...x.data]).toEqual(before);
  });
});

describe("a tensor's limits", () => {
  it("reshapes to one length left open, also where an axis is 1", () => {
    expect(x.reshape([-1]).shape).toEqual([6]);
    expect(x.reshape([1, -1, 1]).shape).toEqual([1, 6, 1]);
    for (const shape of [[-1, -1], [-1, -1, 6], [-2, -3], [1.5, 4], [0, -1], []]) {
      expect(() => x.reshape(shape)).toThrow(
        new RangeError(`shape is [${shape.join(", ")}]; it must be a shape of 6 elements.`),
      );
    }
    expect(zeros([0, 3]).reshape([3, 0]).shape).toEqual([3, 0]);
  });

  it("transposes by axes from either end, and refuses orders that leave one out", () => {
    const y = randomNormal([2, 3, 4], { seed: 1 });
    expect(y.transpose([-1, 0, 1])).toEqual(y.transpose([2, 0, 1]));
    expect(y.transpose().shape).toEqual([4, 3, 2]);
    for (const order of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 2, 0],
    ]) {
      expect(() => y.transpose(order)).toThrow(
        new RangeError(`order is [${order.join(", ")}]; it must be every axis of the 3 once.`),
      );
    }
    expect(() => y.transpose([0, 1, 3])).toThrow(/order is 3/);
  });

  it("reads elements from either end up to the last, and nothing between or beyond them", () => {
    expect([x.at(-2, -3), x.at(1, 2), x.at(0, -1)]).toEqual([3, 6, 2]);
    for (const [index, axis] of [
      [[0, 3], 1],
      [[0, -4], 1],
      [[-3, 0], 0],
      [[0.5, 0], 0],
    ] as const) {
      expect(() => x.at(...index)).toThrow(
        `index ${axis} is ${index[axis]}; it must be a whole number from `,
      );
    }
    expect(() => x.at(2, 0)).toThrow("from -2 to 1.");
    expect(() => x.at()).toThrow("the index is []; it must be of length 2.");
  });

  it("reduces over no axis, over all, and keeps them on demand", () => {
    expect(x.sum([]).toArray()).toEqual(x.toArray());
    expect(x.sum(undefined, true).shape).toEqual([1, 1]);
    expect(x.mean([1], true).toArray()).toEqual([[2], [5]]);
    expect(x.mean().at()).toBe(3.5);
  });

  it("is made of what is a tensor, and says what is none", () => {
    expect(asTensor("x", x)).toBe(x);
    expect(asTensor("x", { shape: [2], data: new Float32Array([1, 2]) })).toEqual(tensor([1, 2]));
    expect(asTensor("x", new Float32Array([1, 2]))).toEqual(tensor([1, 2]));
    expect(asTensor("x", 4)).toEqual(tensor(4));
    for (const value of [
      undefined,
      {},
      { shape: [1] },
      { data: [1] },
      { shape: 1, data: [1] },
      { shape: [1], data: 1 },
      true,
    ]) {
      expect(() => asTensor("x", value)).toThrow(
        /^x is .*; it must be a tensor or nested arrays of numbers\.$/,
      );
    }
    expect(() => tensor([1, 2, 3], [2])).toThrow(
      "shape is [2]; it must be a shape of 3 elements, as values has.",
    );
    expect(() => new Tensor([2], new Float64Array(3))).toThrow("a shape of 3 elements, as data has.");
    expect(() => full([1.5], 0)).toThrow("shape is [1.5]");
    expect(() => tensor([new DataView(new ArrayBuffer(2))] as never)).toThrow("values[0] is a DataView");
    expect(zeros([2]).toArray()).toEqual([0, 0]);
    expect(ones([2]).toArray()).toEqual([1, 1]);
    expect(JSON.stringify(tensor([[1, 2]]))).toBe('{"shape":[1,2],"data":[1,2]}');
  });

  it("keeps its shape when the array that it was made with changes", () => {
    const shape = [2, 3];
    const y = tensor([1, 2, 3, 4, 5, 6], shape);
    shape[0] = 9;
    expect(y.shape).toEqual([2, 3]);
  });
});

describe("allClose", () => {
  it("compares shapes and values", () => {
    expect(allClose(x, x.add(1e-9))).toBe(true);
    expect(allClose(x, x.add(1e-3))).toBe(false);
    expect(allClose(x, x.add(1e-3), { atol: 0.01 })).toBe(true);
    expect(allClose(x, x.reshape([6]))).toBe(false);
    expect(allClose([NaN], [NaN])).toBe(false);
    // |a − b| ≤ atol + rtol·|b|, b the second one; equality counts.
    expect(allClose([3], [2], { rtol: 0.5 })).toBe(true);
    expect(allClose([2], [3], { rtol: 0.25, atol: 0.25 })).toBe(true);
    expect(allClose([2], [3.1], { rtol: 0.25, atol: 0.25 })).toBe(false);
    expect(allClose([-3], [-2], { rtol: 0.5 })).toBe(true);
    expect(allClose([1 + 2e-7], [1])).toBe(false);
    expect(allClose([1, 2], [1, 3])).toBe(false);
    expect(allClose([2, 1], [3, 1])).toBe(false);
    expect(allClose([1e-9], [2e-9])).toBe(false);
    expect(allClose([1e9], [1e9 + 1])).toBe(true);
    expect(allClose(full([2], 3), [3, 3])).toBe(true);
  });
});
