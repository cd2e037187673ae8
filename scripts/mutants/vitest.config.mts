import { defineConfig } from "vitest/config";

// Read in Stryker's copy of the project, whose dist/ is built from mutated sources.
export default defineConfig({
  test: {
    server: { deps: { external: [/[\\/]dist[\\/]/] } },
    // Not by Stryker's own option: with that it forgets to switch a mutant on before the module is loaded that has it.
    include: JSON.parse(process.env.NORMLAB_MUTANTS_TESTS!) as string[],
    // norm's own mutants are changes of its text, which is another in the copy.
    exclude: ["test/**/*.system.test.ts", "test/norm/mutants.test.ts"],
    setupFiles: ["test/support/seeded.ts", "scripts/mutants/children.ts"],
    // One after the other: Stryker's own, which names the mutant, before the package is loaded.
    sequence: { setupFiles: "list" },
    testTimeout: 60_000,
  },
});
