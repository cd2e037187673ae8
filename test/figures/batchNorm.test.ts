import {
  batchNorm,
  batchNormGradSteps,
  batchNormGraph,
  batchSteps,
  channelImages,
  sameExample,
  gradientParts,
  randomNormal,
  tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

describe("batchSteps", () => {
  const x = tensor([
    [1, 10],
    [3, 30],
  ]);
  const steps = { x, centered: x.sub(x.mean([0])), xHat: x.mul(0), y: x };

  it("shows the points of each step, and the mean with one deviation on each side", () => {
    const { data, description } = batchSteps(steps);
    expect(data).toHaveLength(8);
    expect(data[0]).toMatchObject({ x: [1, 3], y: [10, 30] });
    expect(data[1]).toMatchObject({ x: [1, 3, null, 2, 2], y: [20, 20, null, 10, 30] });
    expect(description).toContain("x: means 2 and 20, standard deviations 1 and 10");
  });

  it("gives all four panels the same axes", () => {
    const { layout } = batchSteps(steps);
    const ranges = ["xaxis", "xaxis2", "xaxis3", "xaxis4"].map((name) => layout[name] as { range: number[] });
    for (const { range } of ranges) expect(range).toEqual(ranges[0].range);
  });

  it("refuses a step of another shape, by name", () => {
    expect(() => batchSteps({ ...steps, y: tensor([1, 2]) })).toThrow(
      '"y = γ·x̂ + β" is of shape [2]; it must be of shape [m, 2]',
    );
  });
});

describe("channelImages", () => {
  const x = randomNormal([2, 3, 4, 2], { seed: 3 });

  it("has a row for each channel: x of every image, then x̂ of every image", () => {
    const { layout, description } = channelImages({ x, xHat: x.mul(2) }, { title: "two channels" });
    const titles = (layout.annotations as { text: string }[]).map(({ text }) => text);
    const row = (channel: number) => ["x", "x", "x̂", "x̂"].map((name) => `${name}, channel ${channel}`);
    expect(titles).toEqual([...row(1), ...row(2)]);
    expect(description).toMatch(/^2 channels of 2 images/);
  });

  it("refuses tensors of different shapes", () => {
    expect(() => channelImages({ x, xHat: tensor([1]) }, { title: "t" })).toThrow(
      "xHat is of shape [1]; it must be of shape [2, 3, 4, 2], like x",
    );
  });
});

describe("sameExample", () => {
  it("draws one box a batch size, and says in words how wide they are", () => {
    const values = Array.from({ length: 101 }, (_, i) => i / 100);
    const { data, description } = sameExample([{ batchSize: 2, values }], { truth: 1 });
    expect(data).toMatchObject([{ type: "box", name: "2" }]);
    expect(data[0].y).toHaveLength(101);
    expect(description).toContain("from 0.05 to 0.95 in batches of 2");
  });
});

describe("gradientParts", () => {
  const dXHat = tensor([[1], [2]]);

  it("has a panel of bars for the gradient and each of its parts", () => {
    const parts = { dXHat, alongOnes: dXHat, alongXHat: dXHat.mul(0), rest: dXHat };
    expect(gradientParts(parts).data.map(({ y }) => y)).toEqual([
      [1, 2],
      [1, 2],
      [0, 0],
      [1, 2],
    ]);
  });

  it("refuses parts of different lengths", () => {
    const parts = { dXHat, alongOnes: dXHat, alongXHat: dXHat, rest: tensor([[1]]) };
    expect(() => gradientParts(parts)).toThrow('the rest, which passes" is 1; it must be 2');
  });
});

describe("batchNormGraph", () => {
  const graphOf = (m: number) => {
    const [x, dy] = [randomNormal([m, 1], { seed: 1 }), randomNormal([m, 1], { seed: 2 })];
    const [gamma, beta] = [tensor([2]), tensor([1])];
    const { y, cache } = batchNorm(x, { gamma, beta });
    return { ...batchNormGradSteps(dy, cache), x, y, dy, gamma, beta };
  };

  it("writes every value and gradient into the box of its node", () => {
    const values = graphOf(3);
    const { layout, description } = batchNormGraph(values);
    const texts = (layout.annotations as { text: string }[]).map(({ text }) => text);
    for (const key of ["y", "dRstd", "dx"] as const) {
      for (const value of values[key].data) expect(texts).toContain(value.toFixed(2).replace("-", "−"));
    }
    expect(layout.shapes).toHaveLength(9);
    expect(description).toMatch(/γ = 2\.00 with gradient/);
  });

  it("refuses more than fits", () => {
    expect(() => batchNormGraph(graphOf(5))).toThrow(/x is of shape \[5, 1\]; .* at most four examples/);
  });
});
