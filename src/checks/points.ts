/** Points have two digits behind the point, also when they were added up. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

export const sum = (values: readonly number[]): number => rounded(values.reduce((a, b) => a + b, 0));

/** What can be had for exercises and questions together. */
export const totalPoints = (entries: readonly { points: number }[]): number =>
  sum(entries.map(({ points }) => points));
