/** Ctrl-C, termination and a terminal that closes, as one wish: to end in an orderly way. */

export interface Interruption {
  /** Aborted by the first of them; those that follow change nothing. */
  signal: AbortSignal;
  /** The exit status that the first one asks for. */
  status(): number;
}

/** From now on these signals no longer end this process by themselves, however often they come. */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let status: number | undefined;
  for (const [name, exitStatus] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
    process.on(name, () => {
      status ??= exitStatus;
      controller.abort();
    });
  }
  // Nobody reads what is told any more: no reason to end otherwise.
  process.stderr.on("error", () => undefined);
  return { signal: controller.signal, status: () => status ?? 1 };
}

/** Does `work`, which rejects when its signal is aborted; then `said` is told, and the answer is the exit status. */
export async function interruptible(
  said: string,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const { signal, status } = listenForSignals();
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error(said);
    return status();
  }
}
