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
 * How many values of a stream are used only after a later one was drawn, or again then: none or a few where each is
 * used as it comes by, nearly all where they are kept and gone through.
 */
export class WatchedStream implements Iterable<number> {
  kept = 0;
  private drawn = 0;
  constructor(private readonly values: Float64Array) {}

  *[Symbol.iterator](): Generator<number> {
    for (const [i, value] of this.values.entries()) {
      this.drawn = i + 1;
      let isKept = false;
      const use = () => {
        if (this.drawn > i + 1 && !isKept) {
          isKept = true;
          this.kept++;
        }
        return value;
      };
      // An object that counts as a number wherever one is reckoned with.
      yield { [Symbol.toPrimitive]: use, valueOf: use } as unknown as number;
    }
  }
}
