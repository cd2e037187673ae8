/** Workers and programs that a test starts see only the environment: it names the mutant that Stryker has switched on. */
import { beforeAll, inject } from "vitest";

const stryker = inject as (key: string) => string | undefined;

beforeAll(() => {
  const mutant = stryker("activeMutant");
  if (mutant !== undefined) process.env.__STRYKER_ACTIVE_MUTANT__ = mutant;
});
