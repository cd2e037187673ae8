/**
 * docs/notation.md is written from lessons/97-notation.md, which has the symbols, and from the code: formulas from the functions' documentation, axes and shapes by trying
 * them out, defaults from the functions that use them. `npx vitest run test/norm/notation.test.ts -u` writes it anew.
 */
import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as n from "normlab";
import { expect, it } from "vitest";
import { methodOf } from "./claims/claim";
import { onnxDefaults } from "./claims/onnx";

interface Entry {
  method: string;
  /** Beside the method's name, where one method has several rows. */
  note?: string;
  options?: object;
  /** Whether it takes rank-3 input as it takes images. */
  sequence?: boolean;
}

const logits = { meanLogits: [0, 1, 2], varianceLogits: [2, 1, 0] };
/** Rows of methods that can't be shown without more words than their name. */
const rowsOf: Record<string, Omit<Entry, "method">[]> = {
  layerNorm: [
    { note: "`axes: [-1]`" },
    { note: "`axes: [1, 2, 3]`", options: { axes: [1, 2, 3] }, sequence: false },
  ],
  groupNorm: [{ note: "`groups: 2`", options: { groups: 2 } }],
  switchableNorm: [{ options: logits }],
};
const entries: Entry[] = Object.keys(n.defaults).flatMap((method) =>
  (rowsOf[method] ?? [{}]).map((row) => ({ method, ...row })),
);

const letters: Record<number, string[]> = { 3: ["N", "T", "C"], 4: ["N", "H", "W", "C"] };
const sizes: Record<number, number[]> = { 3: [2, 3, 4], 4: [2, 3, 5, 4] };

/** One option, given where the method wants it. */
const optionsOf = ({ method, options }: Entry, shape: number[]) =>
  method === "adaIN"
    ? { styleMean: n.zeros([shape[0], shape.at(-1)!]), styleVariance: n.ones([shape[0], shape.at(-1)!]) }
    : options;

/** The axes along which a change of x's first element is felt elsewhere: those that are normalized together. */
function reducedAxes(entry: Entry, rank: number): string {
  if (rank === 3 && entry.sequence === false) return "–";
  const shape = sizes[rank];
  const { forward } = methodOf(n, entry.method);
  const x = n.randomNormal(shape, { seed: 1 });
  const moved = x.map((value, i) => (i === 0 ? value + 1 : value));
  const difference = forward(moved, optionsOf(entry, shape)!)
    .y.sub(forward(x, optionsOf(entry, shape)!).y)
    .abs();
  const felt = (axis: number, at: number) => difference.at(...shape.map((_, a) => (a === axis ? at : 0))) > 0;
  const axes = shape.flatMap((length, axis) => {
    const places = Array.from({ length: length - 1 }, (_, i) => felt(axis, i + 1));
    if (places.every((place) => !place)) return [];
    return [places.every(Boolean) ? letters[rank][axis] : `part of ${letters[rank][axis]}`];
  });
  return axes.join(", ") || "none";
}

/** The parameters, and their shapes for images, as the gradients have them. */
function parameters(entry: Entry): string {
  const shape = sizes[4];
  const { forward, backward } = methodOf(n, entry.method);
  const { y, cache } = forward(n.randomNormal(shape, { seed: 1 }), optionsOf(entry, shape)!);
  const { dx: _dx, ...gradients } = backward(y, cache);
  const letterOf = (length: number) => letters[4][shape.indexOf(length)] ?? String(length);
  return Object.entries(gradients)
    .map(([name, { shape: own }]) => {
      const parameter = name[1].toLowerCase() + name.slice(2);
      // Three logits and one α are numbers; everything else has the lengths of x's axes.
      const isCount = own.length === 1 && own[0] !== shape[3];
      return `\`${parameter}\` (${isCount ? own[0] : own.map(letterOf).join(",")})`;
    })
    .join(", ");
}

function inference({ method, options }: Entry): string {
  const { forward } = methodOf(n, method);
  const result = forward(n.ones(sizes[4]), optionsOf({ method, options }, sizes[4])!);
  return "movingMean" in result ? "moving statistics instead of the batch's" : "the same";
}

/** The formula that a function's documentation begins with. */
function formula(method: string): string {
  const text = readFileSync(join(__dirname, "../../src/norm", `${method}.ts`), "utf8");
  const documentation = text
    .slice(0, text.indexOf(`export function ${method}(`))
    .split("/**")
    .at(-1)!;
  return documentation.match(/\* (.*?)([,:] |[,:]?\n)/)![1];
}

const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
const table = (head: string[], rows: string[][]) =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

function methodsTable(): string {
  const rows = entries.map((entry) => [
    `\`${entry.method}\`${entry.note ? ` ${entry.note}` : ""}`,
    formula(entry.method),
    reducedAxes(entry, 3),
    reducedAxes(entry, 4),
    parameters(entry),
    inference(entry),
  ]);
  const kernel = n.randomNormal([3, 3, 2, 4], { seed: 1 });
  const { dg, dv } = n.weightNormGrad(kernel, n.weightNorm(kernel, n.ones([4]), { axes: [0, 1, 2] }).cache);
  expect([dg.shape, dv.shape]).toEqual([[4], [3, 3, 2, 4]]);
  rows.push([
    "`weightNorm`",
    formula("weightNorm"),
    ...["all of the kernel but its units", "all of the kernel but its filters"],
    ...["`v` (the kernel's), `g` (units)", "the same"],
  ]);
  const head = [
    "method",
    "formula",
    "of (N,T,C) it reduces",
    "of (N,H,W,C) it reduces",
    "parameters for images",
  ];
  return table([...head, "inference"], rows);
}

const show = (settings: Record<string, unknown>) =>
  Object.entries(settings)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`)
    .join(", ");

/** −0.1 and not −0.09999999999999998. */
const rounded = (value: number) => Number(value.toPrecision(12));

function defaultsTable(): string {
  const stock: Record<string, tf.layers.Layer> = {
    batchNorm: tf.layers.batchNormalization({}),
    layerNorm: tf.layers.layerNormalization({}),
  };
  const keras = (method: n.Method) => {
    const { axis, epsilon, momentum } = n.toKeras(method, n.fromKeras(method, {}));
    const settings = { axis, epsilon, ...(momentum !== undefined && { momentum }) };
    // Our layer's settings are Keras's, the number of groups too, which the function has no default for.
    if (method === "groupNorm") return show({ groups: n.layers.groupNorm().getConfig().groups, ...settings });
    return show(method === "instanceNorm" ? { groups: -1, ...settings } : settings);
  };
  const torch = (method: n.Method) => {
    // With one channel and one group, the settings that have no default.
    const module = { weight: [1], normalized_shape: 1, num_groups: 1 };
    const options = n.fromTorch(method, module);
    const { eps, momentum } = n.toTorch(method, options);
    const isMachine = eps === 2 ** -23;
    return show({
      eps: isMachine ? "None (machine epsilon, 2⁻²³)" : eps,
      ...(momentum != null && { momentum: rounded(momentum) }),
    });
  };
  const tfjs = (method: string) => {
    if (!stock[method]) return "–";
    const { axis, epsilon, momentum } = stock[method].getConfig() as Record<string, unknown>;
    return show({ axis, epsilon, ...(momentum !== undefined && { momentum }) });
  };
  const onnx = (method: string) =>
    show({
      epsilon: onnxDefaults.epsilon,
      ...(method === "batchNorm" && { momentum: onnxDefaults.momentum }),
    });

  const shared: n.Method[] = ["batchNorm", "layerNorm", "instanceNorm", "groupNorm", "rmsNorm"];
  const own = (Object.keys(n.defaults) as (keyof typeof n.defaults)[]).filter(
    (m) => !shared.includes(m as n.Method),
  );
  return table(
    ["method", "here", "Keras 3", "PyTorch", "tfjs", "ONNX"],
    [
      ...shared.map((m) => [`\`${m}\``, show(n.defaults[m]), keras(m), torch(m), tfjs(m), onnx(m)]),
      ...own.map((m) => [`\`${m}\``, show(n.defaults[m]), ..."––––"]),
    ],
  );
}

function namesTable(): string {
  const options = {
    gamma: [1],
    beta: [2],
    movingMean: [3],
    movingVariance: [4],
    momentum: 0.25,
    epsilon: 0.5,
  };
  const keysOf = (record: object) =>
    new Map(
      Object.entries(record).map(([key, value]) => [
        value instanceof n.Tensor ? value.data[0] : (value as number),
        key,
      ]),
    );
  const keras = keysOf(n.toKeras("batchNorm", options));
  const torch = keysOf(n.toTorch("batchNorm", options));
  const onnx = ["scale", "B", "input_mean", "input_var", "momentum", "epsilon"];
  const layer = tf.layers.batchNormalization({}) as unknown as Record<string, unknown>;
  const rows = Object.entries(options).map(([ours, value], i) => {
    const key = Array.isArray(value) ? value[0] : value;
    const inTorch = torch.get(key) ?? `${torch.get(1 - key)} = 1 − ${ours}`;
    if (ours === "momentum" || ours === "epsilon") expect(layer).toHaveProperty(ours);
    return [ours, keras.get(key)!, inTorch, ours, onnx[i]].map((name) => `\`${name}\``);
  });
  return table(["here", "Keras 3", "PyTorch", "tfjs", "ONNX"], rows);
}

/** The symbols of the formulas, from the lesson that has them; its links lead to lessons. */
function symbols(): string {
  const lesson = readFileSync(join(__dirname, "../../lessons/97-notation.md"), "utf8");
  return lesson
    .replace(/^---[^]*?^---$/m, "")
    .replaceAll(/\]\((\d\d-)/g, "](../lessons/$1")
    .trim();
}

const page = () => `# Notation

Written by \`test/norm/notation.test.ts\` from \`lessons/97-notation.md\` and from the code; a test fails when it no
longer says what they do.

${symbols()}

## Methods

\`axes\` are always the reduced axes; \`axis\` is the channel axis, the one that is kept (in the tfjs layers \`axis\`
means what it means in Keras: kept for batch and group norm, reduced for layer and RMS norm).

${methodsTable()}

## Defaults

PyTorch's momentum is the weight of the *new* value, everywhere else it is that of the old one. PyTorch's running
variance is unbiased, m/(m − 1) times the batch's; Keras's, tfjs's and ONNX's are not, and here \`unbiasedMoving\` says
which (\`false\` if left out). PyTorch's and ONNX's channels are axis 1; ONNX's layer norm names the first of the
reduced axes.

${defaultsTable()}

## Names

\`fromTorch\`, \`toTorch\`, \`fromKeras\` and \`toKeras\` translate; \`toChannelsLast\` and \`toChannelsFirst\` move the data.

${namesTable()}
`;

it("docs/notation.md says what the code does", async () => {
  await expect(page()).toMatchFileSnapshot("../../docs/notation.md");
});
