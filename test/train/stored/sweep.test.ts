import type * as tf from "@tensorflow/tfjs";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Dataset,
  type Experiment,
  initBackend,
  type Progress,
  sweep,
  type SweepProgress,
  train,
} from "normlab";
import { compareWithStored, keepTrained, readTrained } from "../../../dist/cli/reproduce/trainedAnew";
import { readRecords } from "../../../dist/train/stored/records";
import { sweepFile } from "../../../dist/train/stored/store";
import { someDigits, tinyModel, weightsOf, withoutTimes } from "../tiny";

let digits: Dataset;
let folder: string;
let said: string[];
beforeAll(async () => {
  await initBackend();
  digits = someDigits(200);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-sweep-"));
  vi.stubEnv("NORMLAB_TRAIN", folder);
  said = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const meanWeight = (model: tf.LayersModel) => ({ mean: model.getWeights()[0].mean().dataSync()[0] });
const experiment = (more: Partial<Experiment> = {}): Experiment => ({
  model: tinyModel(),
  name: "tiny",
  epochs: 2,
  seed: 1,
  ...more,
});

describe("sweep", () => {
  it("trains as train does, keeps it, and answers it from then on", async () => {
    const model = tinyModel();
    const direct = await train(model, digits, { name: "tiny", epochs: 2, seed: 1 });
    const first = await sweep("test-tiny", digits, [experiment(), experiment({ seed: 2, name: "other" })]);
    expect(withoutTimes(first[0])).toEqual(withoutTimes(direct));
    expect(first.map(({ name, seed }) => [name, seed])).toEqual([
      ["tiny", 1],
      ["other", 2],
    ]);
    expect(said).toEqual(["test-tiny: 2 results computed here."]);

    const untrained = tinyModel();
    const before = weightsOf(untrained);
    const [again] = await sweep("test-tiny", digits, [experiment({ model: untrained, name: "renamed" })]);
    const stored = `stored: trained on ${new Date().toISOString().slice(0, 10)}`;
    expect(again).toEqual({ ...first[0], name: "renamed", notes: [...first[0].notes, stored] });
    expect(weightsOf(untrained)).toEqual(before);
    expect(said[1]).toMatch(
      /^test-tiny: 1 result stored, computed on .* \(normlab .*, tfjs .*, node .*, wasm\)\./,
    );
  });

  it.each<[string, () => Partial<Experiment>]>([
    ["epochs", () => ({ epochs: 1 })],
    ["batchSize", () => ({ batchSize: 16 })],
    ["validationSplit", () => ({ validationSplit: 0.2 })],
    ["shuffle", () => ({ shuffle: false })],
    ["the seed", () => ({ seed: 9 })],
    ["the model", () => ({ model: tinyModel({ units: 8 }) })],
    ["the optimizer", () => ({ model: tinyModel({ optimizer: "sgd" }) })],
    ["what is measured", () => ({ measure: meanWeight })],
    ["whether its steps are kept", () => ({ keepSteps: false })],
    ["data of its own", () => ({ data: someDigits(300) })],
  ])("what differs in %s is another experiment", async (_, change) => {
    await sweep("test-other", digits, [experiment()]);
    await sweep("test-other", digits, [experiment(change())]);
    expect(said[1]).toBe("test-other: 1 result computed here.");
  });

  it("other data make another experiment", async () => {
    await sweep("test-data", digits, [experiment()]);
    await sweep("test-data", someDigits(300), [experiment()]);
    expect(said[1]).toBe("test-data: 1 result computed here.");
  });

  it("trains on an experiment's own data, and leaves out the steps where they are not wanted", async () => {
    const own = someDigits(300);
    const direct = await train(tinyModel(), own, { name: "tiny", epochs: 2, seed: 1 });
    const experiments = () => [experiment({ data: own, keepSteps: false }), experiment()];
    const first = await sweep("test-own", digits, experiments());
    const steps = { loss: [], accuracy: [] };
    expect(withoutTimes(first[0])).toEqual({ ...withoutTimes(direct), steps });
    expect(first[1].steps.loss).not.toEqual([]);
    const again = await sweep("test-own", digits, experiments());
    expect(again.map(({ dataHash }) => dataHash)).toEqual(first.map(({ dataHash }) => dataHash));
    expect(again[0].steps).toEqual(steps);
    expect(said[1]).toContain("2 results stored");
  });

  it("keeps what is measured, and the weights where they are asked for", async () => {
    const [first, second] = [tinyModel(), tinyModel()];
    const options = { measure: meanWeight, keepWeights: true };
    const [run] = await sweep("test-weights", digits, [experiment({ ...options, model: first })]);
    expect(run.measured).toEqual(meanWeight(first));
    const [again] = await sweep("test-weights", digits, [experiment({ ...options, model: second })]);
    expect(said[1]).toContain("1 result stored");
    expect(again.measured).toEqual(run.measured);
    expect(weightsOf(second)).toEqual(weightsOf(first));
  });

  it("trains again where weights are asked for and were not kept", async () => {
    await sweep("test-late", digits, [experiment()]);
    const model = tinyModel();
    await sweep("test-late", digits, [experiment({ model, keepWeights: true })]);
    expect(said[1]).toBe("test-late: 1 result computed here.");
    expect(weightsOf(model)).not.toEqual(weightsOf(tinyModel()));
  });

  it("an interrupted experiment comes back as far as it got, and goes on with its epoch", async () => {
    const whole = await train(tinyModel(), digits, { name: "tiny", epochs: 150, seed: 1 });
    const controller = new AbortController();
    const onProgress = ([{ run }]: Progress[]) => {
      if (run.epochs.length >= 2) controller.abort();
    };
    const asked = () => experiment({ epochs: 150, measure: meanWeight });
    const [partial] = await sweep("test-interrupted", digits, [asked()], {
      signal: controller.signal,
      onProgress,
    });
    expect(partial.ended.how).toBe("interrupted");
    expect(partial.measured).toBeUndefined();
    expect(existsSync(join(folder, "test-interrupted"))).toBe(true);
    const [run] = await sweep("test-interrupted", digits, [asked()]);
    expect(run.timings.resumedAfterEpochs[0]).toBeGreaterThanOrEqual(2);
    expect(run.epochs).toEqual(whole.epochs);
    // What is done needs no checkpoint.
    expect(readdirSync(join(folder, "test-interrupted", "checkpoints"))).toEqual([]);
  }, 120_000);

  it("experiments that differ in their epochs are stages of one training", async () => {
    const stage = (epochs: number, more: Partial<Experiment> = {}) =>
      experiment({ epochs, measure: meanWeight, model: tinyModel(), ...more });
    const [third, first, other] = await sweep("test-stages", digits, [
      stage(3),
      stage(1),
      stage(3, { measure: (model) => model.countParams() }),
    ]);
    expect([first, third].map(({ epochs }) => epochs.length)).toEqual([1, 3]);
    expect(third.timings.resumedAfterEpochs).toEqual([1]);
    const alone = tinyModel();
    const direct = await train(alone, digits, { name: "tiny", epochs: 3, seed: 1 });
    expect([third.epochs, third.test]).toEqual([direct.epochs, direct.test]);
    expect([third.measured, other.measured]).toEqual([meanWeight(alone), alone.countParams()]);
    expect(readdirSync(join(folder, "test-stages", "checkpoints"))).toEqual([]);
  });

  it("tells of the networks under way, and of the last one when all are done", async () => {
    const seen: string[][] = [];
    await sweep("test-progress", digits, [experiment({ name: "a" }), experiment({ name: "b", seed: 2 })], {
      onProgress: (underWay) => void seen.push(underWay.map(({ name }) => name).sort()),
    });
    expect(seen.every((names) => names.length === 1 || names.join() === "a,b")).toBe(true);
    expect(new Set(seen.flat())).toEqual(new Set(["a", "b"]));
  });

  it("tells how many are trained and how long the rest will take, of those that were not stored", async () => {
    await sweep("test-clock", digits, [experiment()]);
    const seen: SweepProgress[] = [];
    const all = [1, 2, 3].map((seed) => experiment({ seed }));
    await sweep("test-clock", digits, all, { onProgress: (_, progress) => void seen.push(progress) });
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([2]));
    expect(seen.at(-1)).toEqual({ done: 2, total: 2, secondsLeft: 0 });
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort());
  });

  it("refuses what can't be trained before anything is trained", async () => {
    const unknown = experiment({ epoch: 3 } as never);
    await expect(sweep("test-refused", digits, [experiment(), unknown])).rejects.toThrow(/epoch.*epochs/);
    await expect(sweep("test-refused", digits, [{} as never])).rejects.toThrow(/^model is undefined/);
    await expect(sweep("test-refused", digits, [experiment({ measure: 1 as never })])).rejects.toThrow(
      /^sweep: measure is 1; it must be a function/,
    );
    await expect(sweep("test-refused", digits, {} as never)).rejects.toThrow(/^experiments is/);
    const model = tinyModel();
    const twice = [experiment({ model }), experiment({ model, epochs: 1 })];
    await expect(sweep("test-refused", digits, twice)).rejects.toThrow(/^experiments\[1\]\.model is/);
    await expect(sweep("no/name", digits, [])).rejects.toThrow(/^name is/);
    const tensors = experiment({ measure: (model) => model.getWeights() });
    await expect(sweep("test-refused", digits, [tensors])).rejects.toThrow(
      /^what measure\(\) returns\[0\] is/,
    );
    expect(readdirSync(folder)).toEqual(["test-refused"]);
  });
});

describe("trained anew", () => {
  it("is held against what is stored, to the last bit, and can take its place", async () => {
    await sweep("test-anew", digits, [experiment(), experiment({ seed: 2 })]);
    const course = join(folder, "course");
    const trained = readTrained(folder);
    expect(compareWithStored(trained, course)).toEqual([
      "test-anew: 0 of 2 results the same to the last bit",
      expect.stringMatching(/^ {2}[0-9a-f]{16}: is not stored$/),
      expect.stringMatching(/^ {2}[0-9a-f]{16}: is not stored$/),
    ]);
    expect(keepTrained(trained, course)).toEqual([sweepFile(course, "test-anew")]);
    expect(readRecords(sweepFile(course, "test-anew"))).toHaveLength(2);
    expect(compareWithStored(trained, course)).toEqual([
      "test-anew: 2 of 2 results the same to the last bit",
    ]);

    const [one, two] = trained.get("test-anew")!;
    const changed = structuredClone(one);
    (changed.result as { steps: { loss: number[] } }).steps.loss[3] += 1e-8;
    const [summary, difference, missing] = compareWithStored(new Map([["test-anew", [changed]]]), course);
    expect(summary).toBe("test-anew: 0 of 1 results the same to the last bit");
    expect(difference).toMatch(`  ${one.hash}: differs at result.steps.loss.3: `);
    expect(missing).toBe(`  ${two.hash}: is stored, but no lesson asked for it`);
  });
});
