import {
  confusionMatrix,
  heatmap,
  histogram,
  imageGrid,
  lines,
  seedBands,
  trainingCurves,
  trainingProgress,
} from "normlab";
import { describe, expect, it } from "vitest";
import { axisOf } from "../../dist/figures/axis";
import { exampleRun } from "./exampleRun";

describe("trainingCurves", () => {
  const runs = [exampleRun("none", 1), exampleRun("batchNorm", 2)];

  it("draws training and validation, loss and accuracy of every run", () => {
    const figure = trainingCurves(runs);
    expect(figure.data).toHaveLength(8);
    expect(figure.data.map(({ name, xaxis }) => [name, xaxis]).slice(2, 6)).toEqual([
      ["batch norm", "x"],
      ["batch norm", "x2"],
      ["no normalization", "x3"],
      ["no normalization", "x4"],
    ]);
    const titles = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
    expect(titles).toEqual(["<b>training batches</b>", "<b>validation images</b>"]);
    expect(figure.data.filter(({ showlegend }) => showlegend)).toHaveLength(2);
    expect(figure.data[1]).toMatchObject({ x: [1, 2, 3], y: [0.12, 0.06, 0.04] });
    expect(trainingCurves(runs, { metric: "loss" }).data).toHaveLength(4);
  });

  it("averages training steps over tenths of an epoch", () => {
    const run = {
      ...exampleRun("none", 1, 1),
      steps: { loss: Array.from({ length: 40 }, (_, i) => i), accuracy: [] },
    };
    const [training] = trainingCurves([run], { metric: "loss" }).data;
    expect(training.y).toEqual([1.5, 5.5, 9.5, 13.5, 17.5, 21.5, 25.5, 29.5, 33.5, 37.5]);
    expect(training.x).toEqual([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]);
  });

  it("draws a run that has only begun, and says so in words", () => {
    const figure = trainingCurves([exampleRun("layerNorm", 1, 3, 7)]);
    expect(figure.description).toContain("layer norm: 7 steps so far");
    expect((figure.layout.xaxis as { range: number[] }).range[0]).toBe(0);
  });

  it("says where the axis of accuracy cuts the beginning off", () => {
    const run = exampleRun("none", 1, 3);
    const accuracy = Array.from(run.steps.accuracy, (value, i) => (i < 8 ? 0.2 : value));
    const captionOf = (of: typeof run) => (trainingCurves([of]).layout.title as { text: string }).text;
    expect(captionOf({ ...run, steps: { ...run.steps, accuracy } })).toMatch(
      /Cut off: accuracy \(%\) below \d+\./,
    );
    const flat = Array.from(run.steps.accuracy, () => 0.97);
    expect(captionOf({ ...run, steps: { ...run.steps, accuracy: flat } })).not.toContain("Cut off");
  });

  it("says the results in words", () => {
    expect(trainingCurves(runs).description).toContain(
      "batch norm, after epoch 3 of 3: training loss 0.03333, accuracy 98 %; on validation images loss 0.04, accuracy 97 %",
    );
  });
});

describe("trainingCurves of interrupted runs", () => {
  it("say so in the caption, beside what else it says", () => {
    const interrupted = { ...exampleRun("none", 1, 10, 87), ended: { how: "interrupted", epoch: 3 } };
    const completed = { ...exampleRun("batchNorm", 1), ended: { how: "completed", epoch: 3 } };
    const { text } = trainingCurves([interrupted, completed]).layout.title as { text: string };
    expect(text).toMatch(/Training: .*no normalization: interrupted in epoch 3 of 10\./);
    expect(text.match(/interrupted/g)).toHaveLength(1);
  });
});

describe("trainingProgress", () => {
  it("says below the title where each run stands and how long it will take", () => {
    const at = {
      epoch: 1,
      epochs: 3,
      step: 7,
      stepsPerEpoch: 40,
      loss: 1.23456,
      accuracy: 0.5,
      secondsLeft: 61.2,
    };
    const figure = trainingProgress([
      { ...at, run: exampleRun("layerNorm", 1, 3, 7) },
      { ...at, secondsLeft: 1000, run: exampleRun("none", 1, 3, 7) },
    ]);
    const title = (figure.layout.title as { text: string }).text;
    expect(title).toContain("layer norm: epoch 1 of 3, step 7 of 40, loss 1.235, accuracy 50.0 %, 62 s left");
    expect(title).toContain("no normalization: epoch 1 of 3");
    expect(title).toContain("17 min left");
  });

  it("says how far a sweep is", () => {
    const at = { epoch: 1, epochs: 3, step: 7, stepsPerEpoch: 40, loss: 1, accuracy: 0.5, secondsLeft: 61 };
    const run = { ...at, run: exampleRun("none", 1, 3, 7) };
    const titleOf = (...given: Parameters<typeof trainingProgress>) =>
      (trainingProgress(...given).layout.title as { text: string }).text;
    const of = (secondsLeft: number) => titleOf([run], { done: 37, total: 300, secondsLeft });
    expect(of(5000)).toContain("37 of 300 networks trained, 84 min left</span>");
    expect(of(9000)).toContain("37 of 300 networks trained, 2.5 h left</span>");
    expect(of(NaN)).toContain("37 of 300 networks trained, time left unknown</span>");
    // One that is under way says all about itself.
    expect(titleOf([run], { done: 0, total: 1, secondsLeft: 61 })).not.toContain("networks");
  });

  it("says that training was interrupted, and where", () => {
    const at = { epochs: 10, step: 7, stepsPerEpoch: 40, loss: 1.5, accuracy: 0.5, secondsLeft: 0 };
    const stopped = (name: string, epoch: number, ended: "completed" | "interrupted", steps = 87) => ({
      ...{ ...at, epoch, ended },
      run: { ...exampleRun(name, 1, 10, steps), ended: { how: ended, epoch } },
    });
    const titleOf = (...progress: Parameters<typeof trainingProgress>[0]) =>
      (trainingProgress(progress).layout.title as { text: string }).text;
    const title = titleOf(stopped("layerNorm", 3, "interrupted"), stopped("none", 10, "completed"));
    expect(title).toContain("<b>Interrupted in epoch 3 of 10</b>");
    expect(title).toContain(
      "layer norm: interrupted in epoch 3 of 10, step 7 of 40, loss 1.5, accuracy 50.0 %<",
    );
    expect(title).toContain(
      "no normalization: epoch 10 of 10, step 7 of 40, loss 1.5, accuracy 50.0 %, done",
    );
    expect(title).not.toMatch(/Training|left/);
    expect(titleOf(stopped("layerNorm", 3, "interrupted"), stopped("none", 2, "interrupted"))).toContain(
      "<b>Interrupted</b>",
    );
    expect(titleOf(stopped("none", 1, "interrupted", 0))).toContain(
      "no normalization: interrupted before its first step",
    );
    // Runs under way call themselves interrupted where they stand.
    const underWay = { ...stopped("none", 3, "interrupted"), ended: undefined, secondsLeft: 70 };
    expect(titleOf(underWay)).not.toMatch(/[Ii]nterrupted/);
  });
});

describe("lines", () => {
  it("refuses x and y of different lengths, by name", () => {
    const wrong = [{ name: "a", x: [1], y: [1, 2] }];
    expect(() => lines(wrong, { title: "t", xTitle: "x", yTitle: "y" })).toThrow(
      "lines: series[0].x is [1]; it must be as long as its y: 2",
    );
  });

  it("puts decimal ticks on a logarithmic axis", () => {
    const { ticktext } = axisOf("loss", "log", undefined, [0.02, 3]) as { ticktext: string[] };
    expect(ticktext).toEqual(["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50"]);
    expect(axisOf("loss", "log", [0.01, 10]).range).toEqual([-2, 1]);
    const wide = axisOf("gradient", "log", undefined, [1e-30, 1]) as { ticktext: string[] };
    expect(wide.ticktext.length).toBeLessThan(13);
    expect(wide.ticktext[0]).toBe("10<sup>−30</sup>");
    // No 0.0001 beside 10⁻⁵.
    expect(axisOf("x", "log", [1e-5, 10]).ticktext).toEqual(
      [-5, -4, -3, -2, -1].map((power) => `10<sup>−${-power}</sup>`).concat(["1", "10"]),
    );
    expect(axisOf("x", "log", [1e-4, 1]).ticktext).toEqual(["0.0001", "0.001", "0.01", "0.1", "1"]);
  });

  it("has its ticks at the values that were chosen, a dozen at most and well apart", () => {
    const ticks = (x: number[], xScale: "log" | "linear" = "log") =>
      (
        lines([{ name: "a", x, y: x }], { title: "t", xTitle: "N", yTitle: "y", xScale }).layout.xaxis as {
          ticktext?: string[];
        }
      ).ticktext;
    expect(ticks([1, 2, 4, 8, 16, 32, 64, 128, 256])).toEqual("1 2 4 8 16 32 64 128 256".split(" "));
    expect(ticks([1, 5, 30])).toEqual(["1", "5", "30"]);
    expect(ticks([1, 1.1, 30])).not.toContain("1.1");
    expect(ticks([1, 3.14159, 30])).not.toContain("3.142");
    expect(ticks(Array.from({ length: 13 }, (_, i) => 2 ** i))).not.toContain("4");
    expect(ticks([1, 5, 30], "linear")).toBeUndefined();
  });
});

describe("histogram", () => {
  it("says mean and standard deviation in words", () => {
    const figure = histogram([{ name: "none", values: [1, 3] }], { title: "t", xTitle: "activation" });
    expect(figure.description).toContain("no normalization with mean 2 and standard deviation 1");
    expect(() => histogram([{ name: "none", values: [] }], { title: "t", xTitle: "x" })).toThrow(
      'values of "none" is []; it must be at least one number',
    );
  });
});

describe("heatmap", () => {
  it("centres diverging colours on zero", () => {
    const options = { title: "t", xTitle: "x", yTitle: "y", valueTitle: "v", scale: "diverging" } as const;
    expect(
      heatmap(
        [
          [1, -4],
          [2, 3],
        ],
        options,
      ).data[0],
    ).toMatchObject({ zmin: -4, zmax: 4 });
    expect(() => heatmap([[1], [2, 3]], options)).toThrow("rows of one length");
  });

  it("confusionMatrix names the commonest mistake and colours mistakes only", () => {
    const figure = confusionMatrix(
      [
        [8, 2],
        [1, 9],
      ],
      { title: "t", labels: ["cat", "dog"] },
    );
    expect(figure.description).toContain("3 of 20 wrong. The commonest mistake: cat taken for dog, 2 times");
    expect(figure.data[0].z).toEqual([
      [null, 2],
      [1, null],
    ]);
    expect((figure.layout.annotations as unknown[]).length).toBe(4);
  });
});

describe("imageGrid", () => {
  it("puts each image in its cell, dark ink on light paper", () => {
    const figure = imageGrid([{ pixels: [1, 2, 3, 4] }, { pixels: [5, 6, 7, 8] }], { title: "t", width: 2 });
    const z = figure.data[0].z as (number | null)[][];
    expect(z.flat().filter((v) => v !== null)).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
    expect(() => imageGrid([{ pixels: [1, 2, 3] }], { title: "t", width: 2 })).toThrow("rows of 2 pixels");
  });
});

describe("imageGrid with gaps", () => {
  it("puts them after every so many columns", () => {
    const images = [1, 2, 3, 4].map((value) => ({ pixels: [value, value] }));
    const row = (gapEvery?: number) => {
      const { z } = imageGrid(images, { title: "t", width: 2, gapEvery }).data[0] as {
        z: (number | null)[][];
      };
      return z.find((values) => values.includes(1))!;
    };
    expect(row().indexOf(3) - row().indexOf(2)).toBe(6);
    expect(row(2).indexOf(3) - row(2).indexOf(2)).toBe(7);
    expect(row(2).indexOf(2) - row(2).indexOf(1)).toBe(6);
    expect(row(2).indexOf(4)).toBe(row(2).length - 6);
  });
});

describe("seedBands", () => {
  it("says which runs were interrupted", () => {
    const { epochs } = exampleRun("none", 1, 2);
    const whole = { epochs, ended: { how: "completed", epoch: 2 } };
    const cut = { epochs: epochs.slice(1), ended: { how: "interrupted", epoch: 2 } };
    const captionOf = (runs: (typeof whole)[]) =>
      (seedBands([{ name: "batchNorm", runs }], { title: "t" }).layout.title as { text: string }).text;
    expect(captionOf([whole, cut])).toContain("1 of 2 runs interrupted");
    expect(captionOf([whole, whole])).not.toContain("interrupted");
  });
});
