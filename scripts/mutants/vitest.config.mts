import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Read in Stryker's copy of the project, whose dist/ is built from mutated sources. There `normlab` means that dist/,
// not the link in node_modules, which leads to the project itself.
export default defineConfig({
  resolve: { alias: [{ find: /^normlab$/, replacement: join(process.cwd(), "dist", "index.js") }] },
  test: {
    server: { deps: { external: [/[\\/]dist[\\/]/] } },
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.system.test.ts"],
    setupFiles: ["test/support/seeded.ts", "scripts/mutants/children.ts"],
    testTimeout: 60_000,
  },
});
