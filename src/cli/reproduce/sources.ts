/**
 * Where a result's numbers come from, as a lesson's process sees it: what was drawn and read before the result got
 * its name. Nobody has to say it, so nobody can forget it or be wrong.
 */
import * as tf from "@tensorflow/tfjs";
import type { Provenance } from "../../figures";
import { type Source, sourceSymbol } from "../../tensor/sources";
import { ExpectedError } from "../errors";

/** An upper bound: all random numbers and data that there had been in the lesson, whether this result used them or not. */
export interface Sources {
  /** "none", or "seeds 3, 100 to 114". */
  randomness: string;
  /** "none", or "SHA-256 …", one a data set. */
  data: string;
}

/** Runs of neighbouring numbers as "100 to 114". */
function ranges(numbers: Iterable<number>): string {
  const groups: number[][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else groups.push([number]);
  }
  return groups
    .flatMap((group) => (group.length > 2 ? [`${group[0]} to ${group.at(-1)}`] : group.map(String)))
    .join(", ");
}

/** How many tensors tfjs has made: it numbers them, for itself alone. */
const tensorsMade = () => (tf.engine().constructor as unknown as { nextTensorId: number }).nextTensorId;

/** Follows what is drawn and read in this process from now on; answers what tells it for a result that is named. */
export function followSources(): (name: string, provenance: Provenance) => Sources {
  const seeds = new Set<number>();
  const hashes = new Set<string>();
  Object.assign(globalThis, {
    [sourceSymbol]: (source: Source) =>
      "seed" in source ? seeds.add(source.seed) : hashes.add(source.dataHash),
  });
  let isUnseeded = false;
  const random = Math.random;
  Math.random = () => {
    isUnseeded = true;
    return random();
  };
  const before = tensorsMade();

  return (name, { seed, seeds: several }) => {
    if (isUnseeded) {
      throw new ExpectedError(
        `"${name}" can't be reproduced: random numbers without a seed were drawn before it was named.`,
      );
    }
    const said = [seed, several].flat().filter((value) => typeof value === "number");
    const all = new Set([...seeds, ...said]);
    // tfjs's own random numbers can't be followed; the seeds of trained models come with their Runs.
    if (all.size === 0 && tensorsMade() > before) {
      throw new ExpectedError(
        `"${name}" doesn't say where it comes from: tensors of tfjs were made before it was named, with random numbers ` +
          `or without. Say the seed: .named("${name}", { seed }).`,
      );
    }
    const randomness = all.size > 0 ? `seeds ${ranges(all)}` : "none";
    const data = hashes.size > 0 ? [...hashes].map((hash) => `SHA-256 ${hash}`).join(", ") : "none";
    return { randomness, data };
  };
}
