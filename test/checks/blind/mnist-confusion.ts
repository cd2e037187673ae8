export const answers = [
  {
    name: "transposed",
    right: false,
    mistakes: ["rows and columns are swapped"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let k = 0; k < labels.length; k++) counts[predictions[k]][labels[k]] += 1;
  return counts;
}`,
  },
  {
    name: "shared-row",
    right: false,
    mistakes: ["the same row stands in all places"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts: number[][] = new Array(classes).fill(new Array(classes).fill(0));
  labels.forEach((label, k) => (counts[label][predictions[k]] += 1));
  return counts;
}`,
  },
  {
    name: "set-to-one",
    right: false,
    mistakes: ["sets the entry to 1 instead of adding 1"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, k) => {
    counts[label][predictions[k]] = 1;
  });
  return counts;
}`,
  },
  {
    name: "mistakes-only",
    right: false,
    mistakes: ["right answers are not counted: the diagonal stays 0"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts = [...Array(classes)].map(() => Array<number>(classes).fill(0));
  for (const [k, label] of labels.entries()) {
    if (label !== predictions[k]) counts[label][predictions[k]]++;
  }
  return counts;
}`,
  },
  {
    name: "transposed-shares",
    right: false,
    mistakes: ["rows and columns are swapped", "shares of all images instead of counts"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  predictions.forEach((p, k) => (counts[p][labels[k]] += 1 / labels.length));
  return counts;
}`,
  },
  {
    name: "from-one-first-missed",
    right: false,
    mistakes: ["classes are counted from 1 (one row and column too many)", "the first image is left out"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts = Array.from({ length: classes + 1 }, () => new Array<number>(classes + 1).fill(0));
  for (let k = 1; k < labels.length; k++) counts[labels[k]][predictions[k]] += 1;
  return counts;
}`,
  },
  {
    name: "seen-classes-undefined",
    right: false,
    mistakes: [
      "only classes that occur as a label get a row",
      "counts start as undefined, so they become NaN",
    ],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const counts: number[][] = [];
  for (let k = 0; k < labels.length; k++) {
    counts[labels[k]] ??= new Array<number>(classes);
    counts[labels[k]][predictions[k]] += 1;
  }
  return counts;
}`,
  },
  {
    name: "row-shares-mistakes-only",
    right: false,
    mistakes: ["every row is divided by its sum", "right answers are not counted: the diagonal stays 0"],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) => {
    const row = Array.from({ length: classes }, (_, j) =>
      labels.filter((label, k) => label === i && predictions[k] === j && i !== j).length,
    );
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
}`,
  },
  {
    name: "filters",
    right: true,
    mistakes: [],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const digits = [...Array(classes).keys()];
  return digits.map((i) => digits.map((j) => labels.filter((label, k) => label === i && predictions[k] === j).length));
}`,
  },
  {
    name: "flat-counts",
    right: true,
    mistakes: [],
    code: `/** counts[i][j]: how often an image of class i was taken for class j. */
function confusionCounts(labels: number[], predictions: number[], classes: number): number[][] {
  const flat = new Uint32Array(classes * classes);
  for (let k = labels.length - 1; k >= 0; k--) flat[labels[k] * classes + predictions[k]]++;
  const rows: number[][] = [];
  for (let i = 0; i < classes; i++) rows.push(Array.from(flat.subarray(i * classes, (i + 1) * classes)));
  return rows;
}`,
  },
];
