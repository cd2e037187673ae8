/** Streams of numbers that notice how they are read. */

/** A stream that can be read once only, like a sensor or a file too large for memory. */
export class Stream implements Iterable<number> {
  private used = false;
  constructor(readonly values: Float64Array) {}

  [Symbol.iterator](): Iterator<number> {
    if (this.used) {
      throw new Error("this stream was read a second time; its values must be used as they come by");
    }
    this.used = true;
    return this.values.values();
  }
}

/**
 * How many values of a stream are used (again) when half of all have come since: half of them where all are kept and
 * gone through, none where each is used as it comes by, or in small blocks.
 */
export class WatchedStream implements Iterable<number> {
  usedLate = 0;
  private drawn = 0;
  constructor(private readonly values: Float64Array) {}

  *[Symbol.iterator](): Generator<number> {
    const { values } = this;
    for (const [i, value] of values.entries()) {
      this.drawn = i + 1;
      let isLate = false;
      const use = () => {
        if (!isLate && this.drawn - i >= values.length / 2) {
          isLate = true;
          this.usedLate++;
        }
        return value;
      };
      // An object that counts as a number wherever one is reckoned with.
      yield { [Symbol.toPrimitive]: use, valueOf: use } as unknown as number;
    }
  }
}
