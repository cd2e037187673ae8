import { clearOutput, display, input, liveDisplay, updateDisplay } from "normlab";
import { afterEach, describe, expect, it, vi } from "vitest";

describe("display functions outside a kernel", () => {
  afterEach(() => vi.restoreAllMocks());
  const printed = () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    return () => log.mock.calls.map(([value]) => value as unknown);
  };

  it("print text", async () => {
    const calls = printed();
    await display("words");
    await display({ "text/plain": "in words", "image/png": "aGk=" });
    await display({ "image/png": "aGk=" });
    await updateDisplay("id", { not: "a bundle" });
    clearOutput();
    const live = liveDisplay();
    live.update("first");
    await live.done("last");
    expect(calls()).toEqual(["words", "in words", "image/png", { not: "a bundle" }, "first", "last"]);
  });

  it("await the bundle of a displayable", async () => {
    const calls = printed();
    await display({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "later" }) });
    expect(calls()).toEqual(["later"]);
  });

  it("refuse what can't work, by name", async () => {
    await expect(display("x", { update: true })).rejects.toThrow("displayId is missing");
    await expect(input("Name? ")).rejects.toThrow("there is no notebook to ask");
  });
});

describe("a live display", () => {
  const symbol = Symbol.for("normlab.cell");
  const globals = globalThis as { [key: symbol]: { signal: AbortSignal } | undefined };
  afterEach(() => {
    delete globals[symbol];
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("shows the first value at once, of fast ones the last, and after an interrupt each", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const controller = new AbortController();
    globals[symbol] = controller;
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const shown = () => log.mock.calls.map(([value]) => value as unknown);
    const live = liveDisplay();
    live.update(1);
    live.update(2);
    live.update(3);
    expect(shown()).toEqual([1]);
    vi.advanceTimersByTime(500);
    expect(shown()).toEqual([1, 3]);
    live.update(4);
    controller.abort();
    live.update("interrupted");
    expect(shown()).toEqual([1, 3, "interrupted"]);
    vi.advanceTimersByTime(1000);
    expect(shown()).toEqual([1, 3, "interrupted"]);
  });
});
