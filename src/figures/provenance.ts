/** Where a result comes from: seeds, configurations, data hashes and versions, as plain data. */
export type Provenance = Record<string, unknown>;

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
