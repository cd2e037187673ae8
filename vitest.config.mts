import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// What is tested is the built package, loaded by Node as a user's program loads it: one copy, however it is imported.
const server = { deps: { external: [/[\\/]dist[\\/]/] } };

// Two groups: `unit` runs on all cores; `system` starts kernels, servers and browsers, one file at a time: two that train
// at once would be no faster than one after the other. What a busy machine was too slow for is tried once more there, and
// named at the end of the run.
export default defineConfig({
  test: {
    reporters: ["default", fileURLToPath(new URL("test/support/flakyReporter.ts", import.meta.url))],
    projects: [
      {
        test: {
          server,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.system.test.ts"],
          setupFiles: ["test/support/seeded.ts"],
          // Vitest leaves a core for itself, which halves the speed of two.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          testTimeout: 180_000,
        },
      },
      {
        test: {
          server,
          name: "system",
          include: ["test/**/*.system.test.ts"],
          fileParallelism: false,
          maxConcurrency: 2, // of the tests in a file that says `concurrent`
          testTimeout: 600_000,
          hookTimeout: 120_000,
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
