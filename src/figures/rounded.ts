/** Five digits are more than any picture shows; what is not finite is a gap. */
export const rounded = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : null));
