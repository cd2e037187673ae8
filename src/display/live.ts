/** A display that follows something while it runs. */
import type { MimeBundle } from "./displayable";
import { bundleOf, kernelHook, pending, show } from "./show";

/** One display that is replaced in place while something runs. */
export interface LiveDisplay {
  /** Shows `value`; calls faster than two a second are merged, the last one wins. After an interrupt none waits. */
  update(value: unknown): void;
  /** Shows `value` a last time, with its full bundle (pictures included). */
  done(value: unknown): Promise<void>;
}

const updateIntervalMs = 500;

/** Whether the cell was interrupted: then nothing may wait, because its timers stay silent. */
function isInterrupted(): boolean {
  type Cell = { signal?: AbortSignal } | undefined;
  return (globalThis as { [key: symbol]: Cell })[Symbol.for("normlab.cell")]?.signal?.aborted ?? false;
}

let displays = 0;

/**
 * `liveDisplay()` is one display, replaced in place: `live.update(figure)` as often as you like (at most two a
 * second are shown, without pictures), then `await live.done(figure)` for the final one. What else the cell has
 * shown until then is cleared with it.
 */
export function liveDisplay(): LiveDisplay {
  const displayId = `normlab-live-${Date.now().toString(36)}-${++displays}`;
  let shownBefore = false;
  let lastShown = -Infinity;
  let waiting: { value: unknown } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  function showNow(bundle: MimeBundle | undefined, value: unknown): void {
    // JupyterLab's Plotly extension draws a display once and ignores what replaces it later, so it gets a new one:
    // the cell's output is cleared in the moment in which the next arrives.
    const hook = kernelHook();
    if (shownBefore) hook?.clearOutput(true);
    show(bundle, value, { displayId, update: shownBefore && !hook });
    shownBefore = true;
    lastShown = performance.now();
  }
  function flush(): void {
    timer = undefined;
    if (!waiting) return;
    const { value } = waiting;
    waiting = undefined;
    const bundle = bundleOf(value, true);
    if (!(bundle instanceof Promise)) return showNow(bundle, value);
    // A value that cannot answer at once is shown when it can, unless the final one came first.
    bundle.then(
      (data) => ended || showNow(data, value),
      () => undefined,
    );
  }
  return {
    update(value) {
      if (ended) return;
      waiting = { value };
      const wait = lastShown + updateIntervalMs - performance.now();
      if (wait <= 0 || isInterrupted()) {
        if (timer) clearTimeout(timer);
        flush();
      } else {
        timer ??= setTimeout(flush, wait);
      }
    },
    done(value) {
      ended = true;
      if (timer) clearTimeout(timer);
      return pending(Promise.resolve(bundleOf(value, false)).then((bundle) => showNow(bundle, value)));
    },
  };
}
