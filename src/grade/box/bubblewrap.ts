/** Linux namespaces by bubblewrap: no network, no files but those it is given, no other process, no environment. */
import { execFileSync } from "node:child_process";
import { realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../train/files";
import { programNamed } from "./programs";
import { processFilter } from "./seccomp";
import { argumentsOf, type Sandbox } from "./sandbox";

/** Beside those that what is printed goes to. */
const pipes = [3, 4] as const;

/** The shared libraries that Node itself needs, at the places where its loader looks for them. */
function librariesOf(program: string): string[] {
  const said = execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return [...new Set([...said.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path))];
}

const bind = (from: string, to: string): string[] => ["--ro-bind", realpathSync(from), to];

/**
 * @returns undefined where there is no bubblewrap; whether it holds is for the probe to find out (probe.ts)
 */
export function bubblewrap(): Sandbox | undefined {
  const bwrap = process.platform === "linux" ? programNamed("bwrap") : undefined;
  const filter = processFilter();
  if (!bwrap || !filter) return undefined;
  const folder = temporaryFolder(tmpdir(), "normlab-filter");
  const filterFile = join(folder, "processes.bpf");
  writeFileSync(filterFile, filter);
  const node = "/node";
  const system = librariesOf(process.execPath).flatMap((path) => bind(path, path));
  return {
    name: "bubblewrap",
    hasThisNode: true,
    command(program) {
      const { cpuSeconds, megabytes } = program.limits;
      // -d bounds what may be written to; -v would bound V8's reservations, which are larger than any memory.
      const bounds = ["-c 0", "-f 0", "-n 128", `-t ${cpuSeconds}`, `-d ${megabytes * 1000}`];
      const limited = [...bounds.map((bound) => `ulimit ${bound}`), 'exec "$@"'].join(" && ");
      const args = [
        ...["--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--hostname", "box"],
        ...["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--chdir", "/"],
        ...system,
        ...bind(process.execPath, node),
        ...Object.entries(program.files).flatMap(([to, from]) => bind(from, to)),
        ...["--remount-ro", "/", "--seccomp", "5", "--"],
        ...[node, ...argumentsOf(program, program.program, pipes)],
      ];
      // bubblewrap's own environment could be read in the box, so it has none.
      return {
        file: "/bin/sh",
        args: ["-c", limited, "sh", bwrap, ...args],
        env: {},
        pipes,
        extra: filterFile,
      };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
