import {
  type Beside,
  ownBatchNorm,
  type OwnBatchNormFunctions,
  ownLayerNorm,
  type OwnLayerNormFunctions,
  type Tensor,
  trainBeside,
} from "normlab";
import { afterEach, describe, expect, it } from "vitest";
import * as backwardClosed from "../checks/bank/bn-backward-closed";
import * as backwardGraph from "../checks/bank/bn-backward-graph";
import * as forwards from "../checks/bank/bn-forward";
import * as inferences from "../checks/bank/bn-inference";
import * as movings from "../checks/bank/bn-moving";
import * as lnBackwards from "../checks/bank/ln-backward";
import * as lnForwards from "../checks/bank/ln-forward";
import { tiny } from "./examples";

const steps = 8;
const batchNormBeside = (functions: OwnBatchNormFunctions) =>
  trainBeside(ownBatchNorm(functions), tiny, { steps });
const layerNormBeside = (functions: OwnLayerNormFunctions) =>
  trainBeside(ownLayerNorm(functions), tiny, { steps });
const partOf = (beside: Beside, name: string) => beside.parts.find((part) => part.name === name)!;

const solved = {
  forward: forwards.right[0],
  backward: backwardClosed.right[0],
  moving: movings.right[0],
  inference: inferences.right[0],
};
const notDone = (): never => {
  throw new Error("Exercise bn-forward: replace this line by your solution.");
};

describe("right functions", () => {
  it.each([0, 1])("of batch norm learn as the package's do (written in way %i)", async (way) => {
    const beside = await batchNormBeside({
      forward: forwards.right[way],
      backward: backwardClosed.right[way],
      moving: movings.right[way],
      inference: inferences.right[way],
    });
    for (const part of beside.parts) {
      expect(part).toMatchObject({ whose: "yours" });
      expect(part.wrong).toBeUndefined();
      expect(part.difference).toBeLessThan(1e-12);
    }
    const { own, packages } = beside.losses;
    expect(own).toHaveLength(steps);
    expect(packages[steps - 1]).toBeLessThan(0.8 * packages[0]);
    expect(beside.apart).toBeLessThan(1e-12);
    expect(beside.partsAtStep).toBeUndefined();
    expect(beside.test!.own!.loss).toBeCloseTo(beside.test!.packages.loss, 10);
    expect(beside.toString()).toMatch(/The two losses are the same(, to the last digit| but for rounding)/);
    expect(beside.toString()).toMatch(
      /On test images, in inference mode, both have loss [\d.]+, [\d.]+ % right/,
    );
  });

  it("of the backward pass may go through the graph", async () => {
    const beside = await batchNormBeside({ backward: backwardGraph.right[0] });
    expect(partOf(beside, "backward").whose).toBe("yours");
    expect(beside.apart).toBeLessThan(1e-12);
  });

  it.each([0, 1])("of layer norm learn as the package's do (written in way %i)", async (way) => {
    const beside = await layerNormBeside({
      forward: lnForwards.right[way],
      backward: lnBackwards.right[way],
    });
    expect(beside.parts.map(({ whose, wrong }) => [whose, wrong])).toEqual([
      ["yours", undefined],
      ["yours", undefined],
    ]);
    expect(beside.apart).toBeLessThan(1e-12);
    expect(beside.losses.own).toHaveLength(steps);
  });
});

describe("nothing done yet", () => {
  it("trains the package's alone, and says why", async () => {
    const beside = await batchNormBeside({ forward: notDone, backward: notDone });
    expect(beside.losses.own).toBeUndefined();
    expect(beside.losses.packages).toHaveLength(steps);
    expect(beside.curves().data).toHaveLength(1);
    expect(beside.toString()).toContain(
      [
        `Your batch norm in a small network, ${steps} of ${steps} steps`,
        "  ○ forward: the package's takes its place: not done yet",
        "  ○ backward: the package's takes its place: not done yet",
        "  ○ moving: the package's takes its place: not given",
        "  ○ inference: the package's takes its place: not given",
        "",
        "Nothing of yours is in it yet.",
      ].join("\n"),
    );
  });
});

const backwardOf = (change: (gradients: ReturnType<typeof solved.backward>) => object) =>
  ((dy, values) => change(solved.backward(dy, values))) as typeof solved.backward;
const nothing = (() => undefined) as never;

describe("what no network can go on with", () => {
  const cases: [string, OwnBatchNormFunctions["backward"], RegExp][] = [
    ["an object without dx", () => ({}) as never, /result has no `dx`/],
    ["an error", (dy) => (dy as unknown as { gone: () => never }).gone(), /stopped with an error: .*gone/],
    ["nothing", nothing, /returned nothing; is a `return` missing\?/],
    ["a promise", (() => Promise.resolve()) as never, /returned a promise/],
    [
      "a wrong shape",
      backwardOf(({ dx, ...more }) => ({ dx: dx.sum([0]), ...more })),
      /`dx` has shape \[50\]/,
    ],
    [
      "a gradient of γ for each example",
      backwardOf((all) => ({ ...all, dGamma: all.dx })),
      /`dGamma` has shape \[64, 50\]/,
    ],
    ["NaN", backwardOf((all) => ({ ...all, dx: all.dx.mul(NaN) })), /`dx\[0, 0\]` is NaN/],
    ["no number", backwardOf((all) => ({ ...all, dBeta: "3" })), /`dBeta` is a string/],
    [
      "a changed input",
      (dy, values) => {
        dy.data.fill(0);
        return solved.backward(dy, values);
      },
      /changed its input/,
    ],
  ];
  it.each(cases)("is replaced by the package's: %s", async (_, backward, why) => {
    const beside = await batchNormBeside({ forward: solved.forward, backward });
    expect(partOf(beside, "backward")).toMatchObject({ whose: "package's" });
    expect(partOf(beside, "backward").why).toMatch(why);
    expect(partOf(beside, "forward").whose).toBe("yours");
    expect(beside.apart).toBeLessThan(1e-12);
  });

  it("is refused before any training when it is no function, or has another name", () => {
    expect(() => ownBatchNorm({ forward: 3 as never })).toThrow(
      "ownBatchNorm: forward is 3; it must be your function.",
    );
    expect(() => ownLayerNorm({ inference: notDone } as never)).toThrow('"inference" is not an option');
  });
});

describe("wrong functions train, and are found out", () => {
  it("a gradient without the statistics' part: the losses part after the first step", async () => {
    const constants = backwardClosed.wrong.find(({ name }) => name === "statistics as constants")!;
    const beside = await batchNormBeside({ ...solved, backward: constants.solution });
    expect(beside.partsAtStep).toBe(2);
    expect(partOf(beside, "backward").wrong).toMatchObject({ step: 1 });
    expect(partOf(beside, "backward").wrong!.message).toMatch(/^`dx\[0, 0\]` is .*; it must be /);
    expect(partOf(beside, "forward").wrong).toBeUndefined();
    expect(beside.toString()).toMatch(
      /The two losses part at step 2, and come to lie 0\.\d+ nats apart\.\nLook at `backward`\./,
    );
    expect(beside.curves().data.map(({ name }) => name)).toEqual([
      "the package's batch norm",
      "your batch norm",
    ]);
  });

  it("a forward pass with a wrong variance: the losses differ from the first step on", async () => {
    const forward: typeof solved.forward = (x, { gamma, beta, epsilon }) => {
      const mean = x.mean([0]);
      const variance = x
        .sub(mean)
        .square()
        .sum([0])
        .div(x.shape[0] - 1);
      const xHat = x.sub(mean).div(variance.add(epsilon).sqrt());
      return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
    };
    const beside = await batchNormBeside({ ...solved, forward });
    expect(beside.partsAtStep).toBe(1);
    expect(partOf(beside, "forward").wrong!.step).toBe(1);
    // The backward pass is compared for the values that it was given, so it is not blamed for them.
    expect(partOf(beside, "backward").wrong).toBeUndefined();
    expect(beside.toString()).toContain("Look at `forward`.");
  });

  it("names all results that are wrong in the first step, and no other", async () => {
    const backward = backwardOf(({ dx, dGamma, dBeta }) => ({ dx: dx.mul(2), dGamma: dGamma.neg(), dBeta }));
    const { message } = partOf(await batchNormBeside({ ...solved, backward }), "backward").wrong!;
    expect(message).toBe(
      "every value of `dx` is 2 times what it must be: a factor is missing or too many. " +
        "`dGamma` has the wrong sign: every value is the negative of what it must be.",
    );
  });

  it("moving statistics that stand still: no loss in training shows it, the test images do", async () => {
    const beside = await batchNormBeside({ ...solved, moving: (old) => old });
    expect(beside.apart).toBeLessThan(1e-12);
    expect(partOf(beside, "moving").wrong!.message).toContain("movingMean");
    expect(beside.test!.own!.loss).not.toBeCloseTo(beside.test!.packages.loss, 3);
    expect(beside.toString()).toMatch(
      /On test images, in inference mode: .* with yours, .* with the package's/,
    );
  });

  it("a layer norm over the wrong axis", async () => {
    const forward = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => {
      const centered = x.sub(x.mean([0]));
      return centered
        .div(centered.square().mean([0]).add(epsilon).sqrt())
        .mul(gamma)
        .add(beta);
    };
    const beside = await layerNormBeside({ forward, backward: lnBackwards.right[0] });
    expect(beside.partsAtStep).toBe(1);
    expect(beside.toString()).toContain("Look at `forward`.");
  });
});

describe("a function that fails in the midst of training", () => {
  it("ends its own network there; the package's goes on", async () => {
    let calls = 0;
    const backward: typeof solved.backward = (dy, values) => {
      if (calls++ > 3 * 4) throw new Error("enough");
      return solved.backward(dy, values);
    };
    const beside = await batchNormBeside({ ...solved, backward });
    expect(beside.losses.own).toHaveLength(4);
    expect(beside.losses.packages).toHaveLength(steps);
    expect(beside.test!.own).toBeUndefined();
    expect(beside.failure).toBe("in step 5, `backward`: your function stopped with an error: enough");
    expect(beside.toString()).toContain(`Your network could not go on: ${beside.failure}`);
    expect(beside.curves().data[1].x).toEqual([1, 2, 3, 4]);
  });

  it("in its first step: no curve is drawn of it", async () => {
    let calls = 0;
    const forward: typeof solved.forward = (x, options) => {
      if (calls++ > 0) throw new Error("only once");
      return solved.forward(x, options);
    };
    const beside = await batchNormBeside({ ...solved, forward });
    expect(beside.failure).toBe("in step 1, `forward`: your function stopped with an error: only once");
    expect(beside.losses.own).toEqual([]);
    expect(beside.curves().data).toHaveLength(1);
    expect(beside.toString()).not.toContain("The two losses");
  });

  it("whose gradient is far too long: its loss is no number any more", async () => {
    const backward = backwardOf(({ dx, ...more }) => ({
      dx: dx.map((value) => Math.sign(value) * 1e308),
      ...more,
    }));
    const beside = await batchNormBeside({ ...solved, backward });
    expect(beside.failure).toMatch(/^in step \d+, (its loss is (NaN|Infinity)|`\w+`: .*(NaN|Infinity))/);
    expect(beside.losses.packages).toHaveLength(steps);
    expect(beside.losses.own!.every(Number.isFinite)).toBe(true);
  });
});

describe("trainBeside", () => {
  const cell = Symbol.for("normlab.cell");
  const kernel = globalThis as { [key: symbol]: { signal: AbortSignal } | undefined };
  afterEach(() => {
    delete kernel[cell];
  });

  it("ends when its cell is interrupted, with what there is", async () => {
    const interrupted = new AbortController();
    kernel[cell] = { signal: interrupted.signal };
    const beside = await trainBeside(ownBatchNorm(solved), tiny, {
      steps: 100_000,
      onProgress: (soFar) => {
        if (soFar.losses.own!.length > 2) interrupted.abort();
      },
    });
    expect(beside.interrupted).toBe(true);
    expect(beside.test).toBeUndefined();
    expect(beside.losses.own).toHaveLength(beside.losses.packages.length);
    const count = beside.losses.own!.length;
    expect(beside.toString()).toContain(`, ${count} of 100000 steps\n`);
    expect(beside.toString()).toContain(`Interrupted after step ${count}.`);
    expect(JSON.stringify(beside.curves().layout)).toContain(`Interrupted after step ${count}.`);
  });

  it("draws nothing when it is interrupted before its first step", async () => {
    kernel[cell] = { signal: AbortSignal.abort() };
    const beside = await trainBeside(ownBatchNorm(solved), tiny);
    expect(beside.toString()).toContain("Interrupted after step 0.");
    expect(beside.curves().description).toContain("no step was taken");
  });

  it("draws the same weights and images for the same seed, others for another", async () => {
    const lossesOf = async (seed: number) =>
      (await trainBeside(ownBatchNorm({}), tiny, { steps: 2, seed })).losses.packages;
    expect(await lossesOf(1)).toEqual(await lossesOf(1));
    expect(await lossesOf(1)).not.toEqual(await lossesOf(2));
  });

  it("answers a notebook in Markdown, in which what a learner's error says is no markup", async () => {
    const backward = () => {
      throw new Error("a * b < c");
    };
    const beside = await batchNormBeside({ forward: solved.forward, backward });
    const show = beside as unknown as { [key: symbol]: () => Record<string, string> };
    const bundle = show[Symbol.for("Jupyter.display")]();
    expect(bundle["text/plain"]).toBe(String(beside));
    expect(bundle["text/markdown"]).toContain("- ✓ `forward`: yours");
    expect(bundle["text/markdown"]).toContain(
      "- ○ `backward`: the package's takes its place: your function stopped with an error: a \\* b \\< c",
    );
  });
});
