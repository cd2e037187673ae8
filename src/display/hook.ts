/** What the kernel and the functions that cells call agree on. */
import type { MimeBundle } from "./displayable";

/** The symbol under which the kernel puts its {@link KernelHook} on `globalThis`. */
export const kernelSymbol: unique symbol = Symbol.for("normlab.kernel") as never;

/** Options of `display`. */
export interface ShowOptions {
  /** metadata by MIME type, such as `{ "image/png": { width: 400 } }` */
  metadata?: Record<string, unknown>;
  /** names the display, so that it can be replaced later */
  displayId?: string;
  /** replaces the displays of that id instead of adding one */
  update?: boolean;
}

/** What the kernel offers to `display` and its relatives. */
export interface KernelHook {
  display(bundle: MimeBundle, options: ShowOptions): void;
  clearOutput(wait: boolean): void;
  input(prompt: string, password: boolean): Promise<string>;
  /** the running cell ends only when this has settled */
  pending(promise: Promise<unknown>): void;
  /** the bundle of a value that has none of its own */
  inspect(value: unknown): MimeBundle;
}
