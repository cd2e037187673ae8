export const answers = [
  {
    name: "layer-too",
    right: false,
    mistakes: ["the layer itself moves as well (≤ instead of <)"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  const moved = weights.map((w, l) => (l <= layer ? w.sub(before[l].mul(learningRate)) : w));
  const difference = gradientOf(moved)[layer].sub(before[layer]);
  return Math.sqrt(difference.square().sum().at());
}`,
  },
  {
    name: "all-layers",
    right: false,
    mistakes: ["all layers move, not only those before"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  const after = gradientOf(weights.map((w, l) => w.sub(before[l].mul(learningRate))));
  const difference = after[layer].sub(before[layer]);
  return Math.sqrt(difference.square().sum().at());
}`,
  },
  {
    name: "uphill",
    right: false,
    mistakes: ["the layers move up their gradient (plus instead of minus)"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  const moved = weights.map((w, l) => (l < layer ? w.add(before[l].mul(learningRate)) : w));
  return Math.sqrt(gradientOf(moved)[layer].sub(before[layer]).square().sum().at());
}`,
  },
  {
    name: "weights-changed",
    right: false,
    mistakes: ["the weights that were handed over are changed"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  for (let l = 0; l < layer; l++) {
    weights[l] = weights[l].sub(before[l].mul(learningRate));
  }
  const after = gradientOf(weights);
  return Math.sqrt(after[layer].sub(before[layer]).square().sum().at());
}`,
  },
  {
    name: "only-neighbour-squared",
    right: false,
    mistakes: ["only the layer just before moves", "the root is missing"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  const moved = weights.map((w, l) => (l === layer - 1 ? w.sub(before[l].mul(learningRate)) : w));
  return gradientOf(moved)[layer].sub(before[layer]).square().sum().at();
}`,
  },
  {
    name: "from-one-no-rate",
    right: false,
    mistakes: ["layers are counted from 1, so the one before is measured", "the learning rate is left out"],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights);
  const index = Math.max(0, layer - 1);
  const moved = weights.map((w, l) => (l < index ? w.sub(before[l]) : w));
  const difference = gradientOf(moved)[index].sub(before[index]);
  return Math.sqrt(difference.square().sum().at());
}`,
  },
  {
    name: "difference-of-norms-layers-behind",
    right: false,
    mistakes: [
      "the difference of the norms instead of the norm of the difference",
      "the layers behind move instead of those before",
    ],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const norm = (x: Tensor) => Math.sqrt(x.square().sum().at());
  const before = gradientOf(weights);
  const moved = weights.map((w, l) => (l > layer ? w.sub(before[l].mul(learningRate)) : w));
  return Math.abs(norm(gradientOf(moved)[layer]) - norm(before[layer]));
}`,
  },
  {
    name: "data-changed-mean",
    right: false,
    mistakes: [
      "the data of the weights' tensors are changed in place",
      "the mean of the squares under the root instead of the sum",
    ],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const before = gradientOf(weights)[layer];
  const all = gradientOf(weights);
  for (let l = 0; l < layer; l++) {
    for (let i = 0; i < weights[l].size; i++) weights[l].data[i] -= learningRate * all[l].data[i];
  }
  const after = gradientOf(weights)[layer];
  return Math.sqrt(after.sub(before).square().mean().at());
}`,
  },
  {
    name: "slices",
    right: true,
    mistakes: [],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const g = gradientOf(weights);
  const moved = [
    ...weights.slice(0, layer).map((w, l) => w.sub(g[l].mul(learningRate))),
    ...weights.slice(layer),
  ];
  const after = gradientOf(moved)[layer];
  return Math.hypot(...after.sub(g[layer]).data);
}`,
  },
  {
    name: "element-loop",
    right: true,
    mistakes: [],
    code: `/**
 * ‖G′ − G‖ of layer \`layer\`, counted from 0. gradientOf(weights) returns the gradients of all
 * layers,
 * one tensor a layer, in the shapes of the weights.
 */
function covariateShift(
  gradientOf: (weights: Tensor[]) => Tensor[],
  weights: Tensor[],
  layer: number,
  learningRate: number,
): number {
  const copy = [...weights];
  const before = gradientOf(copy.slice());
  for (let l = layer - 1; l >= 0; l--) {
    copy[l] = copy[l].map((w, i) => w - learningRate * before[l].data[i]);
  }
  const after = gradientOf(copy);
  let sum = 0;
  for (let i = 0; i < before[layer].size; i++) sum += (after[layer].data[i] - before[layer].data[i]) ** 2;
  return sum ** 0.5;
}`,
  },
];
