/** `npm start`: fills work/, opens JupyterLab there, and rebuilds the package whenever src/ changes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type FSWatcher, watch } from "node:fs";
import type { Socket } from "node:net";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { unpackAssignment } from "./assignment";
import { told, UsageError } from "./errors";
import { jupyterEnvironment, projectRoot, venvPython, workFolder } from "./jupyter";
import { prepareWork } from "./workCopies";

export const usage: string = `usage: npm start [-- options]
  --no-browser   only print the address
  --port N       this port, or an error when it is taken
  --ip ADDRESS   where it listens (localhost)
  --work FOLDER  another folder than work/ for your copies of the lessons
  --assignment ps1.zip
                 what was handed out to you, or its folder: put into work/ps1/ beside what is there, and opened`;

const windows = process.platform === "win32";
const scripts = join(projectRoot, "scripts");
const withCaller = join(scripts, "setup", "with-caller.mjs");

interface StartOptions {
  browser: boolean;
  port?: number;
  ip?: string;
  /** The folder of the learner's copies, work/ unless told otherwise. */
  work: string;
  /** The zip or the folder of an assignment that is to be worked on. */
  assignment?: string;
}

export function parseStartOptions(args: string[]): StartOptions {
  const { values } = parseArgs({
    args,
    options: {
      "no-browser": { type: "boolean" },
      port: { type: "string" },
      ip: { type: "string" },
      work: { type: "string", default: workFolder },
      assignment: { type: "string" },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new UsageError(`--port is "${values.port}", but must be a whole number from 1 to 65535`);
  }
  const assignment = values.assignment && resolve(values.assignment);
  return { browser: !values["no-browser"], port, ip: values.ip, work: resolve(values.work), assignment };
}

/** @param opened what JupyterLab is to show at first, below the folder of work */
export function jupyterArguments(
  { browser, port, ip, work }: StartOptions,
  isRoot: boolean,
  opened: string,
): string[] {
  return [
    ...["jupyterlab", `--ServerApp.root_dir=${work}`],
    // Nothing asks the network, there is one kernel to choose, and Ctrl-C that stops without asking.
    "--LabApp.extension_manager=readonly",
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--MultiKernelManager.default_kernel_name=tslab",
    "--ServerApp.answer_yes=True",
    ...(browser ? [] : ["--no-browser"]),
    `--LabApp.default_url=/lab/tree/${encodeURI(opened)}`,
    // A port that was asked for is the one that is used, or an error says that it is taken.
    ...(port === undefined ? [] : [`--port=${port}`, "--ServerApp.port_retries=0"]),
    ...(ip === undefined ? [] : [`--ip=${ip}`]),
    ...(isRoot ? ["--allow-root"] : []),
  ];
}

/** Runs the build after the last of a burst of changes, one build at a time. Closed, it keeps no process alive. */
function rebuildOnChange(): FSWatcher {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  const build = () => {
    if (running) return schedule();
    running = true;
    // It ends when its stdin closes, and so with this process, however that ends.
    const child = spawn(process.execPath, [withCaller, process.execPath, join(scripts, "build.mjs")], {
      stdio: ["pipe", "inherit", "inherit"],
      detached: !windows,
    });
    child.unref();
    (child.stdin as Socket).unref();
    child.on("close", (status) => {
      running = false;
      console.log(status === 0 ? "normlab: rebuilt after a change in src/" : "normlab: the build failed");
    });
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(build, 300).unref();
  };
  return watch(join(projectRoot, "src"), { recursive: true }, schedule);
}

export async function main(args: string[]): Promise<number> {
  const options = parseStartOptions(args);
  const say = (sentence: string) => console.log(`normlab: ${sentence}`);
  prepareWork(join(projectRoot, "notebooks"), options.work).forEach(say);
  const assigned = options.assignment
    ? await told(() => unpackAssignment(options.assignment!, options.work))
    : undefined;
  assigned?.sentences.forEach(say);
  const script = join(scripts, "with_caller.py");
  const server = spawn(
    venvPython(),
    [script, ...jupyterArguments(options, process.getuid?.() === 0, assigned?.opened ?? "00-start.ipynb")],
    {
      cwd: options.work,
      env: jupyterEnvironment(),
      // The script ends when its stdin closes, so it does not outlive a process that was killed.
      stdio: ["pipe", "inherit", "inherit"],
      // A terminal's Ctrl-C goes to all of a group, and a second one would hit Python in the midst of its clean-up.
      detached: !windows,
    },
  );
  const watcher = rebuildOnChange();
  let isAsked = false;
  const askToEnd = () => {
    if (!isAsked) server.kill("SIGTERM");
    isAsked = true;
  };
  process.on("SIGINT", windows ? () => {} : askToEnd);
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, askToEnd);
  try {
    const [status] = (await once(server, "close")) as [number | null];
    return status ?? 0;
  } finally {
    watcher.close();
  }
}
