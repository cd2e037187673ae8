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
  const listen = (source: AbortSignal | undefined, name: "signal" | "cell"): (() => void) => {
    const stop = () => {
      by ??= name;
      callbacks.forEach((callback) => callback());
      callbacks.clear();
    };
    if (source?.aborted) stop();
    source?.addEventListener("abort", stop, { once: true });
    return () => source?.removeEventListener("abort", stop);
  };
  const removers = [listen(signal, "signal"), listen(cell?.signal, "cell")];
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
