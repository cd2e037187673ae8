import { afterEach, describe, expect, it, vi } from "vitest";
import { interruptible } from "../../dist/cli/interruption";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const before = Object.fromEntries(names.map((name) => [name, process.listeners(name)]));
afterEach(() => {
  for (const name of names) {
    for (const listener of process.listeners(name))
      if (!before[name].includes(listener)) process.off(name, listener);
  }
  vi.restoreAllMocks();
});
const aborted = (signal: AbortSignal) =>
  new Promise<number>((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));

describe("interruptible", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s ends the work, however often it comes: status %i and one sentence",
    async (name, status) => {
      const said = vi.spyOn(console, "error").mockImplementation(() => {});
      const work = interruptible("interrupted; go on so.", aborted);
      process.emit(name);
      process.emit("SIGINT");
      process.emit(name);
      expect(await work).toBe(status);
      expect(said.mock.calls).toEqual([["interrupted; go on so."]]);
    },
  );

  it("leaves what the work answers, and its own errors, as they are", async () => {
    expect(await interruptible("never", () => Promise.resolve(7))).toBe(7);
    await expect(interruptible("never", () => Promise.reject(new Error("disk")))).rejects.toThrow("disk");
  });
});
