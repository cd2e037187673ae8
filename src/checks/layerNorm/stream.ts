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
 * How many values of a stream are used again when one that comes half a stream later has been used: half of them when
 * they are kept and gone through twice, none when each is used as it comes by, or in small blocks.
 */
export class WatchedStream implements Iterable<number> {
  usedAgain = 0;
  constructor(private readonly values: Float64Array) {}

  *[Symbol.iterator](): Generator<number> {
    const { values } = this;
    let latest = 0;
    for (const [i, value] of values.entries()) {
      let isAgain = false;
      const valueOf = () => {
        if (!isAgain && latest - i >= values.length / 2) {
          isAgain = true;
          this.usedAgain++;
        }
        latest = Math.max(latest, i);
        return value;
      };
      // An object counts as a number wherever one is reckoned with, also in another process (src/grade/box), where
      // `valueOf` asks here. It can't be seen when values are drawn, since that process draws all at once.
      yield { valueOf } as unknown as number;
    }
  }
}
