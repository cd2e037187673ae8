import { setImmediate } from "node:timers/promises";
import { announceSource, type Source, sourceSymbol } from "../../tensor/sources";
import { checkFunction, checkOptions, refuse } from "../../tensor/validate";
import { checkJson } from "../json";
import { listenForInterrupt } from "../interrupt";
import { liveOptions } from "../settings";
import { versions } from "../versions";
import { functionText } from "./functionText";
import { hashOfConfiguration, type StoredRecord, today } from "./records";
import { openStore, type Store, tellStored } from "./store";

export interface StoredOptions {
  /** Ends it between two results, as an interrupt of the cell does; those that there are have been kept. */
  signal?: AbortSignal;
  /** Told before each result that has to be computed: how many there are, and of how many. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * `compute(...values)` for each list of values, in their order: what is stored for the same values and the same
 * text of `compute` is answered at once, the rest is computed, one after the other, and kept.
 *
 * For computations that take long, such as training with `trainNetwork`; networks of tfjs are trained by `sweep`.
 * Whatever the result depends on must be among the values or in the function: a name from outside is not seen.
 * Values and results are JSON: numbers, texts, lists, objects.
 *
 * @param name of the sweep, and of the file in which the course keeps it: letters, digits and hyphens
 */
export async function stored<V extends unknown[], R>(
  name: string,
  compute: (...values: V) => R | Promise<R>,
  lists: readonly V[],
  options: StoredOptions = {},
): Promise<R[]> {
  checkSweepName(name);
  checkOptions<StoredOptions>("stored", options, liveOptions);
  checkFunction("compute", compute);
  checkLists(lists);
  const store = openStore(name);
  const text = functionText(compute as (...values: never[]) => unknown);
  const hashes = lists.map((values) => hashOfConfiguration({ values, text }));
  const found = hashes.map((hash) => store.find(hash));
  const isNew = found.filter((record) => record === undefined).length;
  const results: R[] = [];
  let computed = 0;
  const interrupt = listenForInterrupt(options.signal);
  try {
    for (const [i, record] of found.entries()) {
      if (record) {
        record.sources?.forEach(announceSource);
        results.push(record.result as R);
        continue;
      }
      options.onProgress?.(computed, isNew);
      await setImmediate(); // so that the progress is shown, and the kernel hears of an interrupt
      if (interrupt.by !== undefined)
        throw new Error(`${name}: interrupted; ${computed} of ${isNew} results are there and will be found.`);
      results.push(await computeAndKeep(() => compute(...lists[i]), hashes[i], store));
      computed++;
    }
  } finally {
    interrupt.release();
  }
  tellStored(
    name,
    found.filter((record) => record !== undefined),
    isNew,
  );
  return results;
}

function checkLists(lists: unknown): void {
  if (!Array.isArray(lists) || !lists.every(Array.isArray))
    refuse("lists", lists, "a list of lists of values");
  checkJson("lists", lists);
}

/** The names of files, on every system. */
export function checkSweepName(name: unknown): void {
  if (typeof name !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    refuse("name", name, "small letters, digits and single hyphens, such as mnist-seeds");
}

async function computeAndKeep<R>(compute: () => R | Promise<R>, hash: string, store: Store): Promise<R> {
  const sources = new Map<string, Source>();
  const hooks = globalThis as { [sourceSymbol]?: (source: Source) => void };
  const outer = hooks[sourceSymbol];
  hooks[sourceSymbol] = (source) => {
    sources.set(JSON.stringify(source), source);
    outer?.(source);
  };
  let result: R;
  try {
    result = await compute();
    checkJson("the result", result);
  } finally {
    hooks[sourceSymbol] = outer;
  }
  const { normlab, node } = versions("");
  const record: StoredRecord = { hash, date: today(), versions: { normlab, node }, result };
  store.keep({ ...record, ...(sources.size > 0 && { sources: [...sources.values()] }) });
  return result;
}
