/** Timers that an interrupted cell had started stay silent. */
export function guardTimers(currentIsStopped: () => () => boolean): void {
  const { setTimeout, setInterval, setImmediate, clearInterval } = globalThis;
  type Callback = (...values: unknown[]) => void;

  const guarded = (callback: Callback, stopped: () => boolean): Callback =>
    function (this: unknown, ...values) {
      if (stopped()) {
        if (this) clearInterval(this as NodeJS.Timeout);
        return;
      }
      callback.apply(this, values);
    };
  const wrap = <F extends (callback: never, ...rest: never[]) => unknown>(original: F): F =>
    Object.assign(
      (callback: Callback, ...rest: never[]) => {
        const start = original as unknown as (callback: Callback, ...rest: never[]) => unknown;
        return start(
          typeof callback === "function" ? guarded(callback, currentIsStopped()) : callback,
          ...rest,
        );
      },
      Object.fromEntries(promisified(original)),
    ) as unknown as F;

  globalThis.setTimeout = wrap(setTimeout);
  globalThis.setInterval = wrap(setInterval);
  globalThis.setImmediate = wrap(setImmediate);
}

/** `util.promisify` knows these functions by a symbol on them. */
function promisified(original: object): [symbol, unknown][] {
  return Object.getOwnPropertySymbols(original).map((key) => [
    key,
    (original as Record<symbol, unknown>)[key],
  ]);
}
