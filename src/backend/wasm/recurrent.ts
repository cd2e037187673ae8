/** Recurrent layers over all time steps: one kernel forward, and one back through time. */
import * as tf from "@tensorflow/tfjs";
import { type CellName, kernelSums, type RecurrentAttributes, recurrentKernels } from "../recurrentKernel";
import type { Heap } from "./heap";
import { registerGradient, registerKernel } from "./registry";

/** The activations' numbers in assembly/recurrence.ts. */
const activationNumbers = { linear: 0, tanh: 1, sigmoid: 2, hardSigmoid: 3, relu: 4 };

/** The normalizations' numbers in assembly/recurrentSettings.ts. */
const normalizationNumbers = { none: 0, layerNorm: 1, batchNorm: 2 };

interface Cell {
  name: CellName;
  /** Weights of each unit, by which assembly/recurrentSettings.ts tells the cells apart. */
  weights: number;
  /** What a cell carries on: h, and an LSTM's c. */
  states: number;
  /** Which gains there are with a normalization, each of how many values a unit. */
  gains: Record<string, number>;
}

const cells: Cell[] = [
  { name: "lstm", weights: 4, states: 2, gains: { gammaX: 4, gammaH: 4, gammaC: 1, betaC: 1 } },
  { name: "gru", weights: 3, states: 1, gains: { gammaX: 3, gammaH: 3 } },
  { name: "simpleRnn", weights: 1, states: 1, gains: { gammaH: 1 } },
];

type Tensors = Record<string, tf.TensorInfo>;

/** The record of assembly/recurrentSettings.ts. */
function settingsOf({ weights }: Cell, x: tf.TensorInfo, attrs: RecurrentAttributes): number[] {
  const [batch, steps, inputs] = x.shape;
  return [
    ...[weights, batch, steps, inputs, attrs.units, Number(attrs.goBackwards)],
    ...[activationNumbers[attrs.activation], activationNumbers[attrs.recurrentActivation]],
    ...[Number(attrs.resetAfter), Number(attrs.hasInitialState), normalizationNumbers[attrs.normalization]],
  ];
}

export function registerRecurrent(heap: Heap): void {
  for (const cell of cells) registerCell(heap, cell);

  const inputGradientKernel = heap.kernel("recurrentInputGradient");
  const scratchValues = heap.size("recurrentScratch");
  registerKernel<InputGradientAttributes>(inputGradient, ({ inputs: { dGates, kernel }, attrs }) => {
    const dx = heap.output(attrs.shape);
    const settings = heap.record(attrs.settings);
    const scratch = heap.scratch(scratchValues(settings));
    inputGradientKernel(...[dGates, kernel, dx].map((tensor) => heap.at(tensor)), scratch, settings);
    return dx;
  });
}

const inputGradient = "NormlabRecurrentInputGradient";
interface InputGradientAttributes {
  shape: number[];
  settings: number[];
}

function registerCell(heap: Heap, cell: Cell): void {
  const { name, states, gains } = cell;
  const [forward, backward] = [heap.kernel(name), heap.kernel(`${name}Gradient`)];
  const [memoryValues, scratchValues] = [heap.size("recurrentMemory"), heap.size("recurrentScratch")];
  const kernelName = recurrentKernels[name];
  const gradientKernel = `${kernelName}Gradient`;
  const at = (tensor: tf.TensorInfo | undefined) => (tensor ? heap.at(tensor) : 0);

  registerKernel<RecurrentAttributes>(kernelName, ({ inputs, attrs }) => {
    const { x } = inputs;
    const [batch, steps] = x.shape;
    const { units, returnSequences } = attrs;
    const settings = heap.record(settingsOf(cell, x, attrs));
    const last = Array.from({ length: states }, () => heap.output([batch, units]));
    const outputs = returnSequences ? [heap.output([batch, steps, units])] : [];
    const columns = kernelSums[name].reduce((sum, [, , count]) => sum + count * units, 0);
    const statistics = attrs.normalization === "batchNorm" ? [heap.output([2 * steps * columns])] : [];
    // Its shape hides how large it is: tfjs would make a gradient of zeros for it, of all that size.
    const memory = { ...heap.output([memoryValues(settings)]), shape: [1] };
    const scratch = heap.scratch(scratchValues(settings));
    const weights = [x, inputs.kernel, inputs.recurrentKernel, inputs.bias];
    const start = [inputs.h0, inputs.c0].slice(0, states);
    const normalization = Object.keys(gains).map((gain) => at(inputs[gain]));
    forward(
      ...[...weights, ...start, inputs.mask].map(at),
      ...[...normalization, at(outputs[0]), ...last.map(at), at(statistics[0]), heap.at(memory), scratch],
      ...[settings, attrs.epsilon],
    );
    return [memory, ...last, ...outputs, ...statistics];
  });

  /** Of everything: { dGates, kernel, recurrentKernel, bias, h0, …, gammaX, … }, in this order. */
  const gradientShapes = (x: tf.TensorInfo, attrs: RecurrentAttributes): Record<string, number[]> => {
    const [batch, steps, inputs] = x.shape;
    const { units } = attrs;
    const columns = cell.weights * units;
    return {
      dGates: [batch * steps * columns],
      kernel: [inputs, columns],
      recurrentKernel: [units, columns],
      bias: name === "gru" && attrs.resetAfter ? [2, columns] : [columns],
      ...Object.fromEntries(["h0", "c0"].slice(0, states).map((state) => [state, [batch, units]])),
      ...(attrs.normalization !== "none"
        ? Object.fromEntries(Object.entries(gains).map(([gain, size]) => [gain, [size * units]]))
        : {}),
    };
  };

  registerKernel<RecurrentAttributes>(gradientKernel, ({ inputs, attrs }) => {
    const { x, recurrentKernel, memory, dOutputs, dH, dC } = inputs;
    const shapes = gradientShapes(x, attrs);
    const results = Object.fromEntries(
      Object.entries(shapes).map(([result, shape]) => [result, heap.output(shape)]),
    );
    const settings = heap.record(settingsOf(cell, x, attrs));
    const scratch = heap.scratch(scratchValues(settings));
    const order = ["dGates", "kernel", "recurrentKernel", "bias", ...["h0", "c0"].slice(0, states)];
    backward(
      ...[x, recurrentKernel, memory, dOutputs, ...[dH, dC].slice(0, states)].map(at),
      ...[...order, ...Object.keys(gains)].map((result) => at(results[result])),
      ...[scratch, settings, attrs.epsilon],
    );
    return Object.values(results);
  });

  registerGradient({
    kernelName,
    inputsToSave: ["x", "kernel", "recurrentKernel"],
    outputsToSave: [true],
    gradFunc: (dys, [x, kernel, recurrentKernel, memory], attributes) => {
      const attrs = attributes as unknown as RecurrentAttributes;
      const [, ...dOutputs] = dys as tf.Tensor[];
      const inputs: Tensors = { x, recurrentKernel, memory, dH: dOutputs[0] };
      if (states === 2) inputs.dC = dOutputs[1];
      if (attrs.returnSequences) inputs.dOutputs = dOutputs[states];
      const results = tf
        .engine()
        .runKernel(gradientKernel, inputs as unknown as tf.NamedTensorMap, attributes) as tf.Tensor[];
      const names = Object.keys(gradientShapes(x, attrs));
      const gradients = Object.fromEntries(names.map((input, i) => [input, () => results[i]]));
      const [batch, steps] = x.shape;
      return {
        ...gradients,
        mask: () => tf.zeros([batch, steps]),
        x: () =>
          tf
            .engine()
            .runKernel(
              inputGradient,
              { dGates: results[0], kernel },
              { shape: x.shape, settings: settingsOf(cell, x, attrs) },
            ) as tf.Tensor,
      };
    },
  });
}
