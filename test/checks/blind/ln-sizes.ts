export const answers = [
  {
    name: "swapped",
    right: false,
    mistakes: ["the two numbers are swapped"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const reduced = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const product = (lengths: number[]) => lengths.reduce((a, b) => a * b, 1);
  return {
    means: product(shape.filter((_, axis) => reduced.includes(axis))),
    gamma: product(shape.filter((_, axis) => !reduced.includes(axis))),
  };
}`,
  },
  {
    name: "negative-ignored",
    right: false,
    mistakes: ["negative axes are not translated, so they are taken for none"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  let means = 1;
  let gamma = 1;
  shape.forEach((length, axis) => {
    if (axes.includes(axis)) gamma *= length;
    else means *= length;
  });
  return { means, gamma };
}`,
  },
  {
    name: "sums",
    right: false,
    mistakes: ["lengths are added instead of multiplied"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const reduced = axes.map((axis) => (axis + shape.length) % shape.length);
  let means = 0;
  let gamma = 0;
  for (let i = 0; i < shape.length; i++) {
    if (reduced.includes(i)) gamma += shape[i];
    else means += shape[i];
  }
  return { means, gamma };
}`,
  },
  {
    name: "gamma-last",
    right: false,
    mistakes: ["γ is taken to have the length of the last axis, whatever the axes are"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const reduced = new Set(axes.map((axis) => (axis < 0 ? shape.length + axis : axis)));
  const means = shape.filter((_, axis) => !reduced.has(axis)).reduce((a, b) => a * b, 1);
  return { means, gamma: shape[shape.length - 1] };
}`,
  },
  {
    name: "off-by-one-negative-first-only",
    right: false,
    mistakes: [
      "negative axes are shifted by one too few (−1 becomes the last but one)",
      "means is the length of the first axis alone",
    ],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const reduced = axes.map((axis) => (axis < 0 ? shape.length + axis - 1 : axis));
  const gamma = reduced.map((axis) => shape[axis]).reduce((a, b) => a * b, 1);
  return { means: shape[0], gamma };
}`,
  },
  {
    name: "swapped-negative-abs",
    right: false,
    mistakes: ["the two numbers are swapped", "the sign of a negative axis is dropped (−1 becomes 1)"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const reduced = axes.map(Math.abs);
  const total = shape.reduce((a, b) => a * b, 1);
  const inReduced = shape.filter((_, i) => reduced.includes(i)).reduce((a, b) => a * b, 1);
  return { means: inReduced, gamma: total / inReduced };
}`,
  },
  {
    name: "empty-product-zero-negative-ignored",
    right: false,
    mistakes: ["an empty product is 0 instead of 1", "negative axes are not translated"],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const product = (lengths: number[]) => (lengths.length === 0 ? 0 : lengths.reduce((a, b) => a * b));
  return {
    means: product(shape.filter((_, axis) => !axes.includes(axis))),
    gamma: product(axes.map((axis) => shape[axis] ?? 1)),
  };
}`,
  },
  {
    name: "counts-of-axes-whole-gamma",
    right: false,
    mistakes: [
      "means counts the axes that stay, not their elements",
      "γ has as many elements as the whole tensor",
    ],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  return { means: shape.length - axes.length, gamma: shape.reduce((a, b) => a * b, 1) };
}`,
  },
  {
    name: "by-division",
    right: true,
    mistakes: [],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const total = shape.reduce((a, b) => a * b, 1);
  const gamma = axes.reduce((product, axis) => product * (shape.at(axis) ?? 1), 1);
  return { means: total / gamma, gamma };
}`,
  },
  {
    name: "one-loop",
    right: true,
    mistakes: [],
    code: `function layerNormSizes(shape: number[], axes: number[]): { means: number; gamma: number } {
  const result = { means: 1, gamma: 1 };
  for (let axis = 0; axis < shape.length; axis++) {
    const isReduced = axes.includes(axis) || axes.includes(axis - shape.length);
    result[isReduced ? "gamma" : "means"] *= shape[axis];
  }
  return result;
}`,
  },
];
