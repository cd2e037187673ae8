import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guardTimers } from "../../dist/kernel/runner/timers";

describe("timers of cells", () => {
  const { setTimeout, setInterval, setImmediate } = globalThis;
  let isStopped: boolean;
  beforeEach(() => {
    isStopped = false;
    guardTimers(() => () => isStopped);
  });
  afterEach(() => Object.assign(globalThis, { setTimeout, setInterval, setImmediate }));

  it("can be awaited by util.promisify", async () => {
    expect(await promisify(globalThis.setTimeout)(1, "later")).toBe("later");
    expect(await promisify(globalThis.setImmediate)("at once")).toBe("at once");
  });

  it("hand over their arguments, and stay silent once their cell is stopped", async () => {
    const called: string[] = [];
    const note = (text: string) => void called.push(text);
    const pause = () => new Promise((next) => setTimeout(next, 20));
    const ticking = globalThis.setInterval(note, 1, "tick");
    globalThis.setTimeout(note, 1, "timeout");
    globalThis.setImmediate(note, "immediate");
    await pause();
    expect(new Set(called)).toEqual(new Set(["tick", "timeout", "immediate"]));
    globalThis.setTimeout(note, 1, "too late");
    isStopped = true;
    called.length = 0;
    await pause();
    expect(called).toEqual([]);
    // An interval has ended itself.
    isStopped = false;
    await pause();
    expect(called).toEqual([]);
    clearInterval(ticking);
  });
});
