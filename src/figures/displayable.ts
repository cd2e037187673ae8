/** What Jupyter shows: the same thing in several formats, keyed by MIME type. */
export type MimeBundle = Record<string, unknown>;

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

/** Base of {@link Figure} and {@link Table}: answers Jupyter's symbol with `toBundle`. */
export const DisplayableBase: abstract new () => Displayable = class {
  toBundle(_options?: DisplayOptions): MimeBundle | Promise<MimeBundle> {
    throw new Error("toBundle: not defined for this value.");
  }
  [jupyterDisplay](options?: DisplayOptions): MimeBundle | Promise<MimeBundle> {
    return this.toBundle(options);
  }
};

/** Where a result comes from: seeds, configurations, data hashes and versions, as plain data. */
export type Provenance = Record<string, unknown>;

/** Who wants to know of named figures and tables (`npm run reproduce`) puts a function here on `globalThis`. */
export const namedSymbol: unique symbol = Symbol.for("normlab.named") as never;

/** Checks a name (it becomes a file's) and tells the collector, if there is one. */
export function announceNamed<T extends { readonly name: string | undefined }>(result: T): T {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(result.name ?? "")) {
    throw new TypeError(
      `named: name is ${JSON.stringify(result.name)}; it must be lower-case letters, digits and hyphens, such as "05-curves".`,
    );
  }
  (globalThis as { [namedSymbol]?: (result: unknown) => void })[namedSymbol]?.(result);
  return result;
}

/** The part of a Run that says where its numbers come from. */
export interface TracedRun {
  name: string;
  seed?: number;
  configuration?: object;
  dataHash?: string;
  versions?: object;
  ended?: object;
}

/** The provenance of a figure or table made of these runs. */
export function provenanceOf(runs: readonly TracedRun[]): Provenance {
  return {
    runs: runs.map(({ name, seed, configuration, dataHash, versions, ended }) => ({
      name,
      seed,
      dataHash,
      versions,
      ended,
      configuration,
    })),
  };
}
