/** Tells at the end of a run which tests passed only when they were tried again: forgiven, but not forgotten. */
import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";

export default class FlakyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.diagnostic()?.flaky);
    if (flaky.length === 0) return;
    console.log(`\nFlaky (passed only when tried again):\n${flaky.map(described).join("\n")}\n`);
  }
}

/** A test's name, and what its first try said. */
function described(test: TestCase): string {
  const name = `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`;
  const [first] = test.result().errors ?? [];
  const reason = (first?.message ?? "it gave no reason").trim().split("\n").slice(0, 40);
  return [`  ${name}`, ...reason.map((line) => `    ${line}`)].join("\n");
}
