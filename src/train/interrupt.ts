/** Whether someone wants training to stop, and who. */
export interface Interrupt {
  readonly by: "signal" | "cell" | undefined;
  /** Calls back once, at once when it has already happened; answers a function that takes the wish back. */
  onInterrupt(callback: () => void): () => void;
  /** Stops listening to the signals. */
  release(): void;
}

/**
 * Listens to the caller's AbortSignal and to the signal of the notebook cell that runs: the kernel
 * puts it at globalThis[Symbol.for("normlab.cell")] and aborts it when the learner interrupts.
 */
export function listenForInterrupt(signal: AbortSignal | undefined): Interrupt {
  const cell = (globalThis as { [key: symbol]: { signal?: AbortSignal } | undefined })[
    Symbol.for("normlab.cell")
  ];
  const callbacks = new Set<() => void>();
  let by: Interrupt["by"];
  const stopFor = (source: "signal" | "cell") => () => {
    by ??= source;
    callbacks.forEach((callback) => callback());
    callbacks.clear();
  };
  const removers = [listen(signal, stopFor("signal")), listen(cell?.signal, stopFor("cell"))];
  return {
    get by() {
      return by;
    },
    onInterrupt(callback) {
      if (by !== undefined) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    release: () => removers.forEach((remove) => remove()),
  };
}

/** One listener a signal, however many experiments share it: Node warns of a leak when there are more than ten. */
const listeners = new WeakMap<AbortSignal, { stops: Set<() => void>; listener: () => void }>();

function listen(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) stop();
  let shared = listeners.get(signal);
  if (shared === undefined) {
    const stops = new Set<() => void>();
    shared = { stops, listener: () => stops.forEach((stop) => stop()) };
    listeners.set(signal, shared);
    signal.addEventListener("abort", shared.listener);
  }
  const { stops, listener } = shared;
  stops.add(stop);
  return () => {
    stops.delete(stop);
    if (stops.size > 0) return;
    signal.removeEventListener("abort", listener);
    listeners.delete(signal);
  };
}
