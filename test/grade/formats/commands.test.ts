/** What a person is told who calls the formats' commands wrongly. */
import { expect, it } from "vitest";
import { main as assign } from "../../../dist/cli/assign";
import { main as gradescope } from "../../../dist/cli/gradescope";
import { main as judge } from "../../../dist/cli/judge";

const ps1 = ["ps1", "--lessons", "01", "--out", "never"];

it.each([
  ["judge", judge, [], /GRADER and NOTEBOOK/],
  ["judge", judge, ["a", "b", "c"], /GRADER and NOTEBOOK/],
  ["judge", judge, ["none", "x.ipynb"], /none has no manifest\.json; give the folder grader\//],
  ["gradescope", gradescope, [], /give one folder, GRADER/],
  [
    "assign",
    assign,
    [...ps1, "--format", "otter"],
    /--format is "otter", but must be nbgrader or gradescope/,
  ],
  ["assign", assign, [...ps1, "--format", "toString"], /--format is "toString"/],
])("%s %#: refuses in a line", async (_, main, args, message) => {
  await expect(main(args)).rejects.toThrow(message);
});
