/**
 * What a cell may call to show things: `display`, `updateDisplay`, `clearOutput`, and `input` to ask.
 * Cells and plain programs load this file, so it imports little: inside normlab's kernel it
 * talks to the hook that the kernel puts on `globalThis`, under a stock tslab to tslab's own display function, and
 * elsewhere it prints.
 */
import { bundleMetadata, type Displayable, jupyterDisplay, type MimeBundle } from "./displayable";
import { checkBoolean, checkOptions, checkText, type OptionChecks } from "../tensor/validate";
import { type KernelHook, kernelSymbol, type ShowOptions } from "./hook";

type TslabWrite = (
  message: { data: MimeBundle; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

export const kernelHook = (): KernelHook | undefined =>
  (globalThis as { [kernelSymbol]?: KernelHook })[kernelSymbol];

/** The display function of a stock tslab, if this process is its kernel. */
function tslabWrite(): TslabWrite | undefined {
  if (typeof require === "undefined" || !require.cache) return undefined;
  for (const [path, module] of Object.entries(require.cache)) {
    if (/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) {
      const write = (module?.exports as { lastWriteDisplayData?: TslabWrite | null }).lastWriteDisplayData;
      if (write) return write;
    }
  }
  return undefined;
}

function isMimeBundle(value: unknown): value is MimeBundle {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const keys = Object.keys(value);
  return (prototype === Object.prototype || prototype === null) && keys.length > 0 && keys.every(isMimeType);
}

const isMimeType = (key: string): boolean => /^[a-z]+\/[\w.+-]+$/.test(key);

/** The bundle of a value: its own if it has one, a MIME bundle as it is, else `undefined`. */
export function bundleOf(value: unknown, live: boolean): MimeBundle | Promise<MimeBundle> | undefined {
  if (typeof value === "object" && value !== null) {
    const method = (value as Partial<Displayable>)[jupyterDisplay];
    if (typeof method === "function") return method.call(value, { live });
  }
  return isMimeBundle(value) ? value : undefined;
}

/** Sends a bundle to whoever shows things here. */
export function show(bundle: MimeBundle | undefined, value: unknown, options: ShowOptions): void {
  const metadata = { ...bundle?.[bundleMetadata], ...options.metadata };
  const hook = kernelHook();
  if (hook) {
    hook.display(bundle ?? hook.inspect(value), { ...options, metadata });
    return;
  }
  const write = tslabWrite();
  if (write && bundle) {
    const { displayId, update = false } = options;
    write(
      { data: bundle, metadata, transient: displayId === undefined ? {} : { display_id: displayId } },
      update,
    );
  } else {
    console.log(bundle ? (bundle["text/plain"] ?? Object.keys(bundle).join(", ")) : value);
  }
}

/** Lets the cell end only when the promise has settled. */
export function pending(shown: Promise<void>): Promise<void> {
  kernelHook()?.pending(shown);
  return shown;
}

const showOptions: OptionChecks<ShowOptions> = { displayId: checkText, metadata: true, update: checkBoolean };

/**
 * `display(value)` shows a value below the cell: a figure or anything else with
 * `[Symbol.for("Jupyter.display")]()`, a MIME bundle (`{ "text/html": "<b>…</b>" }`), or any value as text.
 * The kernel waits for a bundle that is a promise, so the result need not be awaited there.
 */
export function display(value: unknown, options: ShowOptions = {}): Promise<void> {
  checkOptions("display", options, showOptions);
  if (options.update && options.displayId === undefined) {
    return Promise.reject(
      new Error("display: update is true but displayId is missing; it must name what to replace."),
    );
  }
  const bundle = bundleOf(value, false);
  if (!(bundle instanceof Promise)) {
    show(bundle, value, options);
    return pending(Promise.resolve());
  }
  return pending(bundle.then((data) => show(data, value, options)));
}

/** `updateDisplay(id, value)` replaces what was shown with `display(…, { displayId: id })`. */
export function updateDisplay(
  displayId: string,
  value: unknown,
  options: { metadata?: Record<string, unknown> } = {},
): Promise<void> {
  checkOptions<typeof options>("updateDisplay", options, { metadata: true });
  return display(value, { ...options, displayId, update: true });
}

/** Removes the output of the running cell: at once, or with `wait` when the next output arrives. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  checkOptions<typeof options>("clearOutput", options, { wait: checkBoolean });
  kernelHook()?.clearOutput(options.wait ?? false);
}

/** Asks the reader for a line of text; rejects where the front end offers no input (`nbconvert`, plain programs). */
export function input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
  checkOptions<typeof options>("input", options, { password: checkBoolean });
  const hook = kernelHook();
  if (!hook)
    return Promise.reject(
      new Error("input: there is no notebook to ask; this works in normlab's kernel only."),
    );
  return hook.input(prompt, options.password ?? false);
}
