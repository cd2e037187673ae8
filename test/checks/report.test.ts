import { describe, expect, it } from "vitest";
import { invoke } from "../../dist/checks/invoke";
import { report } from "../../dist/checks/report";

const say = (message?: string) => () => message;

describe("report", () => {
  it("says how many checks passed, and what is wrong", () => {
    const result = report("bn-forward", { shape: say(), "γ and β": say("you forgot β") });
    expect(result).toMatchObject({ status: "failed", passed: false, score: 0.5 });
    expect(result.toString()).toBe("bn-forward: 1 of 2 checks passed\n  ✓ shape\n  ✗ γ and β: you forgot β");
    expect(report("bn-forward", { a: say(), b: say() }).toString()).toMatch(
      /^bn-forward: all 2 checks passed/,
    );
  });

  it("calls an exercise that still throws its own error not done, and gives it no points", () => {
    const stub = () => {
      throw new Error("Exercise bn-forward: write the forward pass");
    };
    const result = report("bn-forward", { always: say(), x: () => void invoke(stub) as undefined });
    expect(result).toMatchObject({ status: "not done", score: 0, results: [] });
    expect(result.toString()).toBe("bn-forward: not done yet");
  });

  it("never throws: errors of the learner's function and of the check itself become messages", () => {
    const broken = () => {
      throw new TypeError("x.foo is not a function");
    };
    const result = report("id", {
      theirs: () => void invoke(broken) as undefined,
      ours: () => {
        throw new Error("oops");
      },
    });
    expect(result.results.map(({ message }) => message)).toEqual([
      "your function stopped with an error: x.foo is not a function",
      "this check itself went wrong: Error: oops",
    ]);
  });

  it("does not repeat a message, escapes markup but keeps code, and answers Jupyter's symbol", () => {
    const result = report("id", { a: say("wrong `x_1` and a*b*c"), b: say("wrong `x_1` and a*b*c") });
    const shown = (result as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(shown["text/plain"]).toContain("✗ b: (as above)");
    expect(shown["text/markdown"]).toContain("wrong `x_1` and a\\*b\\*c");
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ status: "failed", score: 0 });
  });

  it("no cases are no success", () => {
    expect(report("id", {}).passed).toBe(false);
  });
});
