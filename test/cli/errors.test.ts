import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tensor } from "normlab";
import { describe, expect, it } from "vitest";
import { ExpectedError, told } from "../../dist/cli/errors";
import { CourseworkError } from "../../dist/grade/errors";
import { checkCount } from "../../dist/tensor/validate";

/** What becomes of an error that `work` throws. */
const toldOf = (work: () => unknown) =>
  told(() => Promise.resolve().then(work)).catch((error: unknown) => error);

describe("what ends a command", () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      "coursework that is none",
      () => {
        throw new CourseworkError("no manifest");
      },
      /^no manifest$/,
    ],
    ["a number that is refused", () => checkCount("points", -1), /^points is -1; it must be/],
    ["a folder in a file's place", () => writeFileSync(__dirname, ""), /^EISDIR: .*test.cli/],
    ["a file in a folder's place", () => readFileSync(join(__filename, "x")), /^ENOTDIR: .*errors\.test/],
  ])("is told in a line: %s", async (_, work, message) => {
    const error = await toldOf(work);
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as Error).message).toMatch(message);
  });

  it.each<[string, () => unknown]>([
    ["an array that is too long", () => new Array(-1)],
    [
      "a stack that is too deep",
      function again(): unknown {
        return again();
      },
    ],
    ["a number's digits", () => (1).toFixed(1000)],
    ["a file of ours that is not there", () => readFileSync("/no/such/file")],
    [
      "what is no error",
      () => {
        throw { code: "ENOSPC", syscall: "write" };
      },
    ],
  ])("shows where it happened when it is ours: %s", async (_, work) => {
    const error = await toldOf(work);
    expect(error).not.toBeInstanceOf(ExpectedError);
  });

  it("is a RangeError to everybody else", () => {
    expect(() => tensor([1]).mean([7])).toThrow(RangeError);
    try {
      checkCount("points", -1);
    } catch (error) {
      expect((error as Error).name).toBe("RangeError");
    }
  });
});
