import { describe, expect, it } from "vitest";
import { checkOptions } from "../../dist/tensor/validate";

interface Options {
  axes?: number[];
  epsilon?: number;
  learningRate?: number;
  movingMean?: number;
}
const known = { axes: true, epsilon: true, learningRate: true, movingMean: true } as const;
const check = (options: unknown) => () => checkOptions<Options>("layerNorm", options, known);

describe("checkOptions", () => {
  it("takes an object with the names it knows, or with some of them, or without any", () => {
    for (const options of [{ axes: [1], epsilon: undefined }, {}, Object.create(null)]) {
      expect(check(options)).not.toThrow();
    }
  });

  it.each([
    ["axis", "axes"],
    ["eps", "epsilon"],
    ["epsilonn", "epsilon"],
    ["learning_rate", "learningRate"],
    ["LearningRate", "learningRate"],
    ["lerningRate", "learningRate"],
    ["moving_mean", "movingMean"],
  ])("%s: asks whether %s was meant", (given, meant) => {
    const message = `layerNorm: "${given}" is not an option; did you mean "${meant}"?`;
    expect(check({ epsilon: 1, [given]: 1 })).toThrow(new RangeError(message));
  });

  it.each(["gamma", "x", "toString", ""])("%s: like none of them, so it names them all", (given) => {
    const message = `layerNorm: "${given}" is not an option; the options are axes, epsilon, learningRate, movingMean.`;
    expect(check({ [given]: 1 })).toThrow(new RangeError(message));
  });

  it.each<[unknown, string]>([
    [null, "null"],
    [1e-5, "0.00001"],
    ["epsilon", '"epsilon"'],
    [[1], "[1]"],
    [2n, "2n"],
    [() => 1, "a function"],
  ])("refuses options that are no object: %s", (options, described) => {
    const message = `layerNorm: options is ${described}; it must be an object, { axes: … }.`;
    expect(check(options)).toThrow(new RangeError(message));
  });
});
