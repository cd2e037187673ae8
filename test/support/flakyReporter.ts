/** Tells at the end of a run which tests passed only when they were tried again: forgiven, but not forgotten. */
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

export default class FlakyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => {
          const [first] = test.result().errors ?? [];
          const file = relative(process.cwd(), module.moduleId);
          return `  ${file} > ${test.fullName}\n    ${first?.message.split("\n")[0] ?? "it gave no reason"}`;
        }),
    );
    if (flaky.length > 0) console.log(`\nFlaky (passed only when tried again):\n${flaky.join("\n")}\n`);
  }
}
