/** A figure with a slider: what each place shows, that nothing but the change moves, and what is refused. */
import {
  Figure,
  heatmap,
  histogram,
  lines,
  panelLines,
  scatter,
  type SliderFrame,
  withSlider,
} from "normlab";
import { describe, expect, it } from "vitest";

const titles = { title: "t", caption: "c", xTitle: "x", yTitle: "y" };
const curve = (...y: number[]) => lines([{ name: "batchNorm", y }], titles);
const frames: SliderFrame[] = [
  { value: 1, figure: curve(1, 2, 3) },
  { value: 10, figure: curve(2, 4, 30) },
  { value: 100, figure: curve(-1, 0, 5) },
];
const figure = withSlider(frames, { label: "batch size", unit: "images", initial: 10 });

type Json = Record<string, unknown>;
type Args = [traces: Record<string, unknown[]>, layout: Json, indices: number[]];
interface Slider {
  active: number;
  currentvalue: { prefix: string; suffix: string };
  steps: { label: string; method: string; args: Args }[];
}
const sliderOf = ({ layout }: Figure) => (layout.sliders as Slider[])[0];

/** Puts a value where a path such as "line.color" leads to. */
function put(tree: Json, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  const at = keys.reduce((inner, key) => (inner[key] ??= {}) as Json, tree);
  if (value === null) delete at[last];
  else at[last] = value;
}

/** What Plotly's update makes of a figure (plotly.com/javascript/plotlyjs-function-reference: restyle and relayout). */
function moved(of: Figure, place: number) {
  const { data, layout } = structuredClone(of.toJSON()) as { data: Json[]; layout: Json };
  const [traces, changes, indices] = sliderOf(of).steps[place].args;
  for (const [path, values] of Object.entries(traces)) {
    indices.forEach((i, k) => put(data[i], path, values[k]));
  }
  for (const [path, value] of Object.entries(changes)) put(layout, path, value);
  return { data, layout };
}

describe("withSlider", () => {
  it("begins with the initial figure and has a step for each, which gives just that figure's traces", () => {
    expect(figure.data).toEqual(frames[1].figure.data);
    expect(sliderOf(figure)).toMatchObject({
      active: 1,
      currentvalue: { prefix: "batch size: ", suffix: " images" },
      steps: [
        { label: "1", method: "update" },
        { label: "10", method: "update" },
        { label: "100", method: "update" },
      ],
    });
    for (const [place, frame] of frames.entries())
      expect(moved(figure, place).data).toEqual(frame.figure.data);
  });

  it("keeps in its steps only what changes", () => {
    expect(sliderOf(figure).steps[0].args).toEqual([{ y: [[1, 2, 3]] }, {}, [0]]);
    const two = (last: number) =>
      lines(
        [
          { name: "layerNorm", y: [1, 2] },
          { name: "batchNorm", y: [1, last] },
        ],
        titles,
      );
    const moving = withSlider(
      [1, 5].map((value) => ({ value, figure: two(value) })),
      { label: "a" },
    );
    expect(sliderOf(moving).steps.map(({ args }) => args)).toEqual([
      [{ y: [[1, 1]] }, {}, [1]],
      [{ y: [[1, 5]] }, {}, [1]],
    ]);
  });

  it("sets back what one frame alone has, changes titles and lists of the layout, and leaves room everywhere", () => {
    const bare = new Figure({ data: [{ y: [1], line: { color: "#000000" } }], description: "bare" });
    const note = { text: "!", x: 0, y: 1 };
    const rich = new Figure({
      data: [{ y: [1], line: { color: "#000000", dash: "dot" } }],
      layout: { title: { text: "two" }, annotations: [note], margin: { t: 100 } },
      description: "rich",
    });
    const both = withSlider(
      [
        { value: "plain", figure: bare },
        { value: "rich", figure: rich },
      ],
      { label: "look" },
    );
    const [one, two] = [moved(both, 0), moved(both, 1)];
    expect(one.data).toEqual(bare.data);
    expect(two.data).toEqual(rich.data);
    expect(one.layout).not.toHaveProperty("annotations");
    expect(two.layout).toMatchObject({ annotations: [note], title: { text: "two" } });
    const grown = (layout: Json) => (layout.margin as { t: number }).t;
    expect([grown(one.layout), grown(two.layout)]).toEqual([64 + 76, 100 + 76]);
  });

  it("is the same twice, and small: frames cost what is new in them", () => {
    const again = withSlider(frames, { label: "batch size", unit: "images", initial: 10 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(figure));
    expect(JSON.stringify(figure).length).toBeLessThan(2 * JSON.stringify(frames[0].figure).length);
  });

  it("names itself, and traces each of its frames", () => {
    const traced = frames.map(({ value, figure }) => ({
      value,
      figure: new Figure({ ...figure, provenance: { seed: value } }),
    }));
    expect(withSlider(traced, { label: "a" }).named("a-b", { dataHash: "c" })).toMatchObject({
      name: "a-b",
      provenance: {
        frames: [
          { value: 1, seed: 1 },
          { value: 10, seed: 10 },
          { value: 100, seed: 100 },
        ],
        dataHash: "c",
      },
    });
    expect(figure.provenance).toEqual({});
  });
});

describe("the axes of a figure with a slider", () => {
  const rangeOf = ({ layout }: { layout: Json }, axis: string) =>
    (layout[axis] as { range?: number[] }).range;

  it("hold all frames' values and stay where they are", () => {
    const [low, high] = rangeOf(figure, "yaxis")!;
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(30);
    expect(high).toBeLessThan(33);
    expect(rangeOf(figure, "xaxis")).toEqual([0, 2]);
    for (const place of [0, 1, 2]) expect(rangeOf(moved(figure, place), "yaxis")).toEqual([low, high]);
  });

  it("begin at the floor of histograms and bars", () => {
    const samples = [
      [1, 1, 2],
      [0, 8],
    ];
    const counted = withSlider(
      samples.map((values, value) => ({
        value,
        figure: histogram([{ name: "a", values }], { title: "t", xTitle: "x", bins: 4 }),
      })),
      { label: "a" },
    );
    expect(rangeOf(counted, "yaxis")![0]).toBe(0);
    expect(rangeOf(counted, "xaxis")).toEqual([0, 8]); // the whole of both ranges
    const bars = withSlider(
      [2, 3].map((value) => ({
        value,
        figure: new Figure({ data: [{ type: "bar", x: [1, 2], y: [1, value] }], description: "d" }),
      })),
      { label: "a" },
    );
    expect(rangeOf(bars, "xaxis")).toEqual([0.5, 2.5]);
    expect(rangeOf(bars, "yaxis")).toEqual([0, 3 * 1.06]);
  });

  it("in logarithms get the ticks of the common range", () => {
    const log = (value: number) =>
      lines([{ name: "a", x: [1, 10], y: [1, value] }], { ...titles, yScale: "log" });
    const { layout } = withSlider(
      [1e2, 1e4].map((value) => ({ value, figure: log(value) })),
      { label: "a" },
    );
    const { range, tickvals } = layout.yaxis as { range: number[]; tickvals: number[] };
    expect(range[0]).toBeCloseTo(-0.24);
    expect(range[1]).toBeCloseTo(4.24);
    expect(tickvals).toEqual(expect.arrayContaining([1, 10, 1000, 10000]));
  });

  it("of panels that share one are as wide as the widest needs; points keep off their ends", () => {
    const panels = (value: number) =>
      panelLines(
        [
          { name: "none", series: [{ name: "a", y: [0, 1] }] },
          { name: "batchNorm", series: [{ name: "a", y: [0, value] }] },
        ],
        titles,
      );
    const shared = withSlider(
      [5, 10].map((value) => ({ value, figure: panels(value) })),
      { label: "a" },
    );
    expect(rangeOf(shared, "yaxis")![1]).toBeCloseTo(10.6);
    expect(rangeOf(shared, "yaxis2")).toBeUndefined();
    const cloud = (value: number) => scatter([{ name: "a", x: [0, value], y: [0, 1] }], titles);
    const points = withSlider(
      [1, 2].map((value) => ({ value, figure: cloud(value) })),
      { label: "a" },
    );
    expect(rangeOf(points, "xaxis")).toEqual([-0.12, 2.12]);
  });

  it("of categories stay Plotly's, and a heatmap's colours mean the same everywhere", () => {
    const map = (value: number) => heatmap([[0, value]], { ...titles, valueTitle: "v" });
    const both = withSlider(
      [1, 9].map((value) => ({ value, figure: map(value) })),
      { label: "a" },
    );
    expect(rangeOf(both, "yaxis")).toBeUndefined();
    for (const place of [0, 1])
      expect(moved(both, place).data[0]).toMatchObject({ zmin: 0, zmax: 9, z: [[0, [1, 9][place]]] });
  });
});

describe("where nothing can be moved, a slider", () => {
  it("becomes a line that says which value is drawn and which there are", async () => {
    const { svg, png } = await figure.toPicture();
    expect(svg).toContain("batch size: 10 images");
    expect(svg).toContain("(in the notebook a slider: 1 · 10 · 100)");
    expect(svg).not.toContain("slider-");
    const height = Buffer.from(png).readUInt32BE(20) / 2;
    expect(height).toBe(420 + 26);
    expect(figure.layout.height).toBe(420 + 76);
  });

  it("is drawn from the stored JSON just as well", async () => {
    const stored = JSON.parse(JSON.stringify(figure)) as Figure;
    const again = new Figure({ data: stored.data, layout: stored.layout, description: "x" });
    expect((await again.toPicture()).svg).toBe((await figure.toPicture()).svg);
  });

  it("of many places names their number and the ends", async () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ value: 1000 + i, figure: curve(i, 2) }));
    const { svg } = await withSlider(many, { label: "step" }).toPicture();
    expect(svg).toContain("(in the notebook a slider: 30 places from 1000 to 1029)");
  });

  it("writes all values alike: in powers of ten if one is too small or too large for figures", () => {
    const labels = (values: (number | string)[]) =>
      sliderOf(
        withSlider(
          values.map((value, i) => ({ value, figure: curve(i, 1) })),
          { label: "ε" },
        ),
      ).steps.map(({ label }) => label);
    expect(labels([0, 1e-12, 2.5e-5, 0.001, 0.1, 1, 30])).toEqual([
      "0",
      "10⁻¹²",
      "2.5·10⁻⁵",
      "10⁻³",
      "10⁻¹",
      "1",
      "3·10¹",
    ]);
    expect(labels([-0.5, 0.001, "all"])).toEqual(["−0.5", "0.001", "all"]);
  });

  it("keeps off the titles of panels", () => {
    const panels = (value: number) =>
      panelLines([{ name: "none", series: [{ name: "a", y: [value] }] }], titles);
    const gap = (of: Figure) => (sliderOf(of) as unknown as { pad: { b: number } }).pad.b;
    const titled = withSlider(
      [1, 2].map((value) => ({ value, figure: panels(value) })),
      { label: "a" },
    );
    expect([gap(figure), gap(titled)]).toEqual([14, 32]);
  });

  it("is told in words: the values, and what is seen at the first, at the ends", () => {
    expect(figure.description).toBe(
      "A slider sets batch size to one of 1, 10, 100 images. " +
        "At 10 images: t: y against x, as a curve: batch norm from 2 to 30. " +
        "At 1 images: t: y against x, as a curve: batch norm from 1 to 3. " +
        "At 100 images: t: y against x, as a curve: batch norm from -1 to 5.",
    );
  });

  it("of somebody else's is none of ours: no line, and the layout's own size", async () => {
    const steps = ["a", "b"].map((label) => ({ label, method: "skip", args: [] }));
    const foreign = new Figure({ data: [{ y: [1] }], layout: { sliders: [{ steps }] }, description: "x" });
    const { svg, png } = await foreign.toPicture();
    expect(svg).not.toContain("in the notebook");
    expect(Buffer.from(png).readUInt32BE(20) / 2).toBe(420);
  });
});

describe("withSlider refuses", () => {
  const one = frames[0];
  const two = lines(
    [
      { name: "a", y: [1] },
      { name: "b", y: [1] },
    ],
    titles,
  );
  const bars = new Figure({ data: [{ type: "bar", y: [1, 2] }], description: "bars" });
  const cases: [message: string, frames: unknown, initial?: unknown][] = [
    ["withSlider: frames is []; it must be at least two, each { value, figure }.", []],
    ["withSlider: frames is an array of 1; it must be at least two", [one]],
    ["withSlider: frames[1] is 5; it must be an object, { value, figure }", [one, 5]],
    [
      "withSlider: frames[1].value is NaN; it must be a finite number or a text",
      [one, { ...one, value: NaN }],
    ],
    [
      "withSlider: frames[1].figure is an object; it must be a figure",
      [one, { value: 2, figure: { data: [] } }],
    ],
    ["withSlider: frames[1].value is 1; it must be another than those before it", [one, one]],
    [
      "withSlider: frames[1].figure has the traces scatter, scatter; they must be like the first figure's: scatter",
      [one, { value: 2, figure: two }],
    ],
    ["withSlider: frames[1].figure has the traces bar", [one, { value: 2, figure: bars }]],
    [
      'withSlider: frames[1].figure is "one with a slider"; it must be one without',
      [one, { value: 2, figure }],
    ],
    ["withSlider: initial is 7; it must be one of the values 1, 10, 100.", frames, 7],
  ];
  it.each(cases)("%s", (message, given, initial) => {
    const call = withSlider as (frames: unknown, options: object) => Figure;
    expect(() => call(given, { label: "a", initial })).toThrow(message);
  });
});
