import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Commands, dispatch } from "../../dist/cli/dispatch";
import { ExpectedError, UsageError } from "../../dist/cli/errors";
import { parseStartOptions } from "../../dist/cli/start";
import { LessonError } from "../../dist/lesson";

let out: string;
let errors: string;
beforeEach(() => {
  out = errors = "";
  vi.spyOn(console, "log").mockImplementation((text: string) => void (out += `${text}\n`));
  vi.spyOn(console, "error").mockImplementation((text: unknown) => {
    errors += `${text instanceof Error ? text.stack : String(text)}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

/** One command, `try`, and how often it was loaded. */
function commandThat(main: (args: string[]) => Promise<number>): { commands: Commands; loads: () => number } {
  let loads = 0;
  const load = () => {
    loads += 1;
    return Promise.resolve({ usage: "usage: npx normlab try", main });
  };
  return { commands: { try: { summary: "tries", load } }, loads: () => loads };
}
const failing = (error: unknown) => commandThat(() => Promise.reject(error)).commands;

describe("dispatch", () => {
  it("gives a command its arguments and answers its exit status", async () => {
    const { commands } = commandThat((args) => Promise.resolve(args.join() === "--quick,a" ? 7 : 0));
    expect(await dispatch(commands, ["try", "--quick", "a"])).toBe(7);
    expect(out + errors).toBe("");
  });

  it.each(["--help", "-h"])(
    "%s lists the commands without loading one, and shows one's usage",
    async (help) => {
      const { commands, loads } = commandThat(() => Promise.reject(new Error("must not run")));
      expect(await dispatch(commands, [help])).toBe(0);
      expect(out).toMatch(/^usage: npx normlab <command>[^]*^ {2}try +tries$/m);
      expect(loads()).toBe(0);
      out = "";
      expect(await dispatch(commands, ["try", "--quick", help])).toBe(0);
      expect(out).toBe("usage: npx normlab try\n");
      expect(errors).toBe("");
    },
  );

  it.each([
    [[], "no command is given"],
    [["tri"], 'there is no command "tri"'],
    [["toString"], 'there is no command "toString"'],
  ])("%j: status 2 and the list", async (args, message) => {
    expect(await dispatch(failing(new Error("must not run")), args)).toBe(2);
    expect(errors).toContain(`normlab: ${message}\n\nusage: npx normlab <command>`);
  });

  it("wrong arguments: status 2, the message and the usage", async () => {
    const refused = new UsageError("--n is 0; it must be 1");
    expect(await dispatch(failing(refused), ["try"])).toBe(2);
    expect(errors).toBe("normlab try: --n is 0; it must be 1\n\nusage: npx normlab try\n");
    errors = "";
    const { commands } = commandThat((args) => Promise.resolve(parseStartOptions(args).port!));
    expect(await dispatch(commands, ["try", "--prot", "1"])).toBe(2);
    expect(errors).toMatch(/^normlab try: Unknown option '--prot'.*\n\nusage: npx normlab try\n$/);
  });

  it("what a person can mend: status 1 and one line", async () => {
    for (const [error, line] of [
      [new ExpectedError("no disk"), "normlab try: no disk\n"],
      [new LessonError("lessons/01.md", 3, "no title"), "normlab try: lessons/01.md:3: no title\n"],
    ] as const) {
      errors = "";
      expect(await dispatch(failing(error), ["try"])).toBe(1);
      expect(errors).toBe(line);
    }
  });

  it("a fault of ours: status 1 and where it happened; undefined is one, too", async () => {
    expect(await dispatch(failing(new TypeError("x is undefined")), ["try"])).toBe(1);
    expect(errors).toMatch(/^TypeError: x is undefined\n +at .*dispatch\.test\.ts/);
    expect(await dispatch(failing(undefined), ["try"])).toBe(1);
  });
});
