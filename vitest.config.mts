import { defineConfig } from "vitest/config";

// Two groups: `unit` runs in parallel; `system` starts kernels, servers and browsers, one file at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.system.test.ts"],
          setupFiles: ["test/support/seeded.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/**/*.system.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
