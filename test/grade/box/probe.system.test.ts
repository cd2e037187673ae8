import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { bubblewrap } from "../../../dist/grade/box/bubblewrap";
import { chooseSandbox, unsafe } from "../../../dist/grade/box/choose";
import { weaknessOf } from "../../../dist/grade/box/probe";
import type { Sandbox } from "../../../dist/grade/box/sandbox";
import { hasSandbox } from "../support";

/** bubblewrap with some of its arguments changed. */
function weakened(change: (args: string[]) => string[]): Sandbox {
  const sandbox = bubblewrap()!;
  return {
    ...sandbox,
    command(program) {
      const command = sandbox.command(program);
      return { ...command, args: change(command.args) };
    },
  };
}

const dispatch = async (sandbox: Sandbox) => {
  try {
    return await weaknessOf(sandbox);
  } finally {
    sandbox.dispose();
  }
};

describe("the probe", () => {
  it("finds what a bare process can do", async () => {
    expect(await weaknessOf(unsafe)).toBe(
      "what runs in it reads files, writes files, reads the environment, sees other processes, " +
        "starts processes without end, reaches the network",
    );
  });

  it("says why a sandbox doesn't start", async () => {
    const broken: Sandbox = {
      ...unsafe,
      command: () => ({ file: "/bin/sh", args: ["-c", "echo no such luck >&2"], env: {}, pipes: [3, 4] }),
    };
    expect(await weaknessOf(broken)).toBe("it doesn't start here: no such luck");
    const missing: Sandbox = {
      ...unsafe,
      command: () => ({ file: "/no/such/program", args: [], env: {}, pipes: [3, 4] }),
    };
    expect(await weaknessOf(missing)).toBe("it doesn't start here");
  });

  it("is asked before a sandbox is chosen, and where none holds that is said", async () => {
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      await expect(chooseSandbox()).rejects.toThrow(
        /is not run without:\n +bubblewrap: it is not here[^]*podman: it is not here[^]*docker: it is not here/,
      );
    } finally {
      process.env.PATH = PATH;
    }
  });

  describe.skipIf(!hasSandbox)("of bubblewrap", () => {
    it("finds nothing", async () => {
      const sandbox = await chooseSandbox();
      expect(sandbox.name).toBe("bubblewrap");
      sandbox.dispose();
    });

    it.each([
      ["reads files", (args: string[]) => put(args, "--ro-bind", tmpdir(), tmpdir())],
      [
        "reads files, writes files",
        (args: string[]) => unbounded(put(args, "--bind", tmpdir(), tmpdir()), "-f 0"),
      ],
      ["reaches the network", (args: string[]) => put(args, "--share-net")],
      [
        "starts processes without end",
        (args: string[]) => args.filter((arg) => !["--seccomp", "5"].includes(arg)),
      ],
      ["writes files", (args: string[]) => unbounded(without(args, "--remount-ro", "/"), "-f 0")],
      ["sees other processes", (args: string[]) => put(args, "--ro-bind", "/proc", "/proc")],
    ])("finds when it %s", async (weakness, change) => {
      expect(await dispatch(weakened(change))).toBe(`what runs in it ${weakness}`);
    });
  });
});

/** Arguments of bubblewrap's before the program. */
const put = (args: string[], ...more: string[]) => {
  const at = args.indexOf("--remount-ro");
  return [...args.slice(0, at), ...more, ...args.slice(at)];
};

/** Without one of the shell's limits. */
const unbounded = (args: string[], bound: string) =>
  args.map((arg) => arg.replace(`ulimit ${bound} && `, ""));

const without = (args: string[], ...which: string[]) => {
  const at = args.findIndex((_, i) => which.every((arg, k) => args[i + k] === arg));
  return [...args.slice(0, at), ...args.slice(at + which.length)];
};
