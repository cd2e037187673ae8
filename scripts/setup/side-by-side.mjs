// Steps that don't need each other run at once.
import { SetupError } from "./run.mjs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `sides` at once; each is called with an AbortSignal. When one fails or the user interrupts, the others are told
 * to stop, and once all have ended this rejects with what came first.
 * @param {((stop: AbortSignal) => Promise<unknown>)[]} sides
 */
export async function sideBySide(...sides) {
  const stop = new AbortController();
  const interrupt = () =>
    stop.abort(new SetupError("the set-up was interrupted; to finish it, run the same command again."));
  for (const name of signals) process.on(name, interrupt);
  // Only the first call of abort counts, so what a side says because it was stopped is not reported.
  await Promise.all(sides.map((side) => side(stop.signal).catch((error) => stop.abort(error))));
  for (const name of signals) process.off(name, interrupt);
  stop.signal.throwIfAborted();
}
