export const answers = [
  {
    name: "max-lost",
    right: false,
    mistakes: ["a value equal to max is in no bin"],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value >= min && value < max) counts[Math.floor((value - min) / width)] += 1;
  }
  return counts.map((count) => count / (values.length * width));
}`,
  },
  {
    name: "only-inside-counted",
    right: false,
    mistakes: ["divides by the number of values in the range instead of all values"],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const inside = values.filter((value) => value >= min && value <= max);
  const counts = new Array<number>(bins).fill(0);
  inside.forEach((value) => {
    counts[Math.min(bins - 1, Math.floor((value - min) / width))]++;
  });
  return counts.map((count) => count / (inside.length * width));
}`,
  },
  {
    name: "shares",
    right: false,
    mistakes: ["the width is forgotten: shares instead of densities"],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value < min || value > max) continue;
    counts[Math.min(bins - 1, Math.floor((value - min) / width))] += 1;
  }
  return counts.map((count) => count / values.length);
}`,
  },
  {
    name: "clamped",
    right: false,
    mistakes: ["values outside the range are put into the first and last bin"],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = Math.floor((value - min) / width);
    counts[Math.max(0, Math.min(bins - 1, bin))]++;
  }
  return counts.map((c) => c / values.length / width);
}`,
  },
  {
    name: "rounded-inside",
    right: false,
    mistakes: [
      "the bin is rounded to the nearest instead of down",
      "divides by the number of values in the range",
    ],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  let n = 0;
  for (const value of values) {
    if (value < min || value > max) continue;
    counts[Math.min(bins - 1, Math.round((value - min) / width))] += 1;
    n++;
  }
  return counts.map((count) => count / (n * width));
}`,
  },
  {
    name: "edges-right-shares",
    right: false,
    mistakes: [
      "bins hold their right edge instead of the left one (min is in no bin)",
      "multiplies by the width instead of dividing",
    ],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  return Array.from({ length: bins }, (_, k) => {
    const count = values.filter((v) => v > min + k * width && v <= min + (k + 1) * width).length;
    return (count / values.length) * width;
  });
}`,
  },
  {
    name: "bins-minus-one-max-lost",
    right: false,
    mistakes: ["the width is (max − min)/(bins − 1)", "a value equal to max is in no bin"],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / (bins - 1);
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value < min || value >= max) continue;
    counts[Math.floor((value - min) / width)] += 1;
  }
  return counts.map((count) => count / (values.length * width));
}`,
  },
  {
    name: "min-not-subtracted-clamped",
    right: false,
    mistakes: [
      "min is not subtracted before dividing by the width",
      "values outside the range are put into the first and last bin",
    ],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  values.forEach((value) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(value / width)));
    counts[bin]++;
  });
  return counts.map((count) => count / (values.length * width));
}`,
  },
  {
    name: "filter-per-bin",
    right: true,
    mistakes: [],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const w = (max - min) / bins;
  const inBin = (k: number) =>
    values.filter((v) => {
      if (v === max) return k === bins - 1;
      return v >= min && v < max && Math.floor((v - min) / w) === k;
    });
  return Array.from({ length: bins }, (_, k) => inBin(k).length / values.length / w);
}`,
  },
  {
    name: "add-weights",
    right: true,
    mistakes: [],
    code: `/** The density of \`values\` in \`bins\` bins of equal width from min to max. */
function densityHistogram(
  values: Float64Array,
  { min, max, bins }: { min: number; max: number; bins: number },
): number[] {
  // Bin k holds min + k·w ≤ value < min + (k + 1)·w; the last bin holds max, too.
  // Values outside min … max are in no bin, but count among the n values.
  const perValue = bins / (values.length * (max - min));
  const density = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min || values[i] > max) continue;
    let bin = Math.floor((values[i] - min) / ((max - min) / bins));
    if (bin === bins) bin--;
    density[bin] += perValue;
  }
  return density;
}`,
  },
];
