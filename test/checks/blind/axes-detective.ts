export const answers = [
  {
    name: "zeros",
    right: false,
    mistakes: ["starts from a tensor of zeros, where a neighbour stays 0 if no mean is subtracted"],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 1 }).mul(0);
  const poked = x.map((value, i) => (i === 0 ? 1 : value));
  const change = normalize(poked).sub(normalize(x)).abs();
  const axes: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const index = shape.map(() => 0);
    index[axis] = 1;
    if (change.at(...index) > 1e-9) axes.push(axis);
  }
  return axes;
}`,
  },
  {
    name: "kept-axes",
    right: false,
    mistakes: ["returns the axes along which nothing changes"],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 1 });
  const y = normalize(x);
  const z = normalize(x.map((value, i) => (i === 0 ? value + 1 : value)));
  return shape
    .map((_, axis) => axis)
    .filter((axis) => {
      const index = shape.map((_, i) => (i === axis ? 1 : 0));
      return Math.abs(z.at(...index) - y.at(...index)) < 1e-9;
    });
}`,
  },
  {
    name: "no-absolute-value",
    right: false,
    mistakes: ["only changes upwards count (no absolute value)"],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 1 });
  const poked = x.map((value, i) => (i === 0 ? value + 1 : value));
  const change = normalize(poked).sub(normalize(x));
  const neighbour = (axis: number) => shape.map((_, i) => (i === axis ? 1 : 0));
  return shape.map((_, axis) => axis).filter((axis) => change.at(...neighbour(axis)) > 1e-9);
}`,
  },
  {
    name: "mean-is-zero",
    right: false,
    mistakes: [
      "looks for axes along which the outputs have mean 0, so it finds neither a method without a mean nor one over several axes",
    ],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const y = normalize(randomNormal(shape, { seed: 3, mean: 2 }));
  const result: number[] = [];
  shape.forEach((_, axis) => {
    const means = y.mean([axis]);
    if (means.data.every((value) => Math.abs(value) < 1e-6)) result.push(axis);
  });
  return result;
}`,
  },
  {
    name: "from-one-signed",
    right: false,
    mistakes: ["axes are counted from 1", "only changes upwards count (no absolute value)"],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 1 });
  const poked = x.map((value, i) => (i === 0 ? value + 1 : value));
  const change = normalize(poked).sub(normalize(x));
  const found: number[] = [];
  for (let axis = 1; axis <= shape.length; axis++) {
    const at = shape.map((_, i) => (i === axis - 1 ? 1 : 0));
    if (change.at(...at) > 1e-9) found.push(axis);
  }
  return found;
}`,
  },
  {
    name: "zeros-kept-axes",
    right: false,
    mistakes: ["starts from a tensor of zeros", "returns the axes along which nothing changes"],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const zero = randomNormal(shape, { seed: 1 }).map(() => 0);
  const before = normalize(zero);
  const after = normalize(zero.map((_, i) => (i === 0 ? 1 : 0)));
  return shape.flatMap((_, axis) => {
    const at = shape.map((_, i) => (i === axis ? 1 : 0));
    return before.at(...at) === after.at(...at) ? [axis] : [];
  });
}`,
  },
  {
    name: "other-corner-threshold",
    right: false,
    mistakes: [
      "pokes the last cell but looks at the neighbours of the first one",
      "the threshold is 0.5, too large for the change of a neighbour",
    ],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 1 });
  const poked = x.map((value, i) => (i === x.size - 1 ? value + 1 : value));
  const change = normalize(poked).sub(normalize(x)).abs();
  return shape
    .map((_, axis) => axis)
    .filter((axis) => change.at(...shape.map((_, i) => (i === axis ? 1 : 0))) > 0.5);
}`,
  },
  {
    name: "two-draws-last-axis-missed",
    right: false,
    mistakes: [
      "compares two different random tensors instead of poking one cell, so that every cell changes",
      "the loop ends one axis too early",
    ],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const a = normalize(randomNormal(shape, { seed: 1 }));
  const b = normalize(randomNormal(shape, { seed: 2 }));
  const axes: number[] = [];
  for (let axis = 0; axis < shape.length - 1; axis++) {
    const index = shape.map((_, i) => (i === axis ? 1 : 0));
    if (Math.abs(a.at(...index) - b.at(...index)) > 1e-9) axes.push(axis);
  }
  return axes;
}`,
  },
  {
    name: "any-cell-in-slice",
    right: true,
    mistakes: [],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 11, mean: 0.5 });
  const poked = x.map((value, i) => (i === 0 ? value * 1.5 + 0.25 : value));
  const change = normalize(poked).sub(normalize(x)).abs();
  return shape.flatMap((_, axis) => {
    const others = shape.map((_, i) => i).filter((i) => i !== axis);
    const byIndex = change.sum(others);
    return byIndex.data.subarray(1).some((value) => value > 1e-9) ? [axis] : [];
  });
}`,
  },
  {
    name: "last-corner",
    right: true,
    mistakes: [],
    code: `/** The axes over which \`normalize\`, a function of tensors of this shape, takes its statistics. */
function findAxes(normalize: (x: Tensor) => Tensor, shape: number[]): number[] {
  const x = randomNormal(shape, { seed: 5 });
  const y = normalize(x);
  const z = normalize(x.map((value, i) => (i === x.size - 1 ? value - 0.7 : value)));
  const axes: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const index = shape.map((length) => length - 1);
    index[axis] -= 1;
    if (index[axis] >= 0 && Math.abs(y.at(...index) - z.at(...index)) > 1e-9) axes.push(axis);
  }
  return axes;
}`,
  },
];
