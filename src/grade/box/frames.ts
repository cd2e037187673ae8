/** Frames on a pipe: read one after the other, blocking (the box), or as they come in (the judge). */
import { readSync, writeSync } from "node:fs";
import { BadFrame, limits } from "./values";

/** Waits for the next frame; undefined when the other side has closed the pipe. */
export function readFrame(descriptor: number): Buffer | undefined {
  const head = readExactly(descriptor, 4);
  if (!head) return undefined;
  const length = head.readUInt32LE(0);
  if (length > limits.bytes) throw new BadFrame("a frame that is too large");
  return readExactly(descriptor, length);
}

function readExactly(descriptor: number, length: number): Buffer | undefined {
  const buffer = Buffer.alloc(length);
  for (let filled = 0; filled < length;) {
    const count = readSync(descriptor, buffer, filled, length - filled, null);
    if (count === 0) return undefined;
    filled += count;
  }
  return buffer;
}

export function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(descriptor, bytes, written, bytes.length - written);
  }
}

/** Cuts what comes in into frames. */
export class FrameReader {
  private parts: Buffer[] = [];
  private held = 0;

  /**
   * The frames that are whole now.
   * @throws BadFrame when one says that it is too large
   */
  push(part: Buffer): Buffer[] {
    this.parts.push(part);
    this.held += part.length;
    const frames: Buffer[] = [];
    for (;;) {
      const length = this.lengthOfNext();
      if (length === undefined || this.held < 4 + length) return frames;
      const all = Buffer.concat(this.parts);
      frames.push(all.subarray(4, 4 + length));
      this.parts = [all.subarray(4 + length)];
      this.held = this.parts[0].length;
    }
  }

  /** Whether something came that is no whole frame. */
  get isInMidst(): boolean {
    return this.held > 0;
  }

  private lengthOfNext(): number | undefined {
    if (this.held < 4) return undefined;
    if (this.parts[0].length < 4) this.parts = [Buffer.concat(this.parts)];
    const length = this.parts[0].readUInt32LE(0);
    if (length > limits.bytes) throw new BadFrame("a frame that is too large");
    return length;
  }
}
