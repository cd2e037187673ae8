/**
 * The symbol under which a bundle carries what Jupyter calls its metadata, by format: the width at which a picture is
 * shown, its description. Not a format itself, so whoever does not know it sees a plain bundle.
 */
export const bundleMetadata: unique symbol = Symbol.for("normlab.metadata") as never;

/** What Jupyter shows: the same thing in several formats, `{ "text/plain": "…", "image/png": base64 }`. */
export type MimeBundle = Record<string, unknown> & { [bundleMetadata]?: Record<string, unknown> };

/** The symbol under which a Jupyter kernel (ours, and Deno's) looks for a value's own display. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

/** `live`: shown many times a second, so at once and without a picture. */
export interface DisplayOptions {
  live?: boolean;
}

/** A value that knows how to show itself in a notebook. */
export interface Displayable {
  /** All formats of this value; a promise where a picture has to be drawn, never one with `live`. */
  toBundle(options?: DisplayOptions): MimeBundle | Promise<MimeBundle>;
  [jupyterDisplay](options?: DisplayOptions): MimeBundle | Promise<MimeBundle>;
}

/** Base of figures and tables: answers Jupyter's symbol with `toBundle`. */
export const DisplayableBase: abstract new () => Displayable = class {
  toBundle(_options?: DisplayOptions): MimeBundle | Promise<MimeBundle> {
    throw new Error("toBundle: not defined for this value.");
  }
  [jupyterDisplay](options?: DisplayOptions): MimeBundle | Promise<MimeBundle> {
    return this.toBundle(options);
  }
};
