/** The real thing, as a user starts it: `npm start -- --no-browser` on a free port, on a folder of its own. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePorts } from "./ports";
import { endProgram, type Program, startProgram } from "./process";
import { within } from "./within";

export const root: string = resolve(__dirname, "../..");
/** Everything tests write for a person to look at; git ignores it. */
export const outputFolder: string = join(root, "test", "output");

export interface Jupyter {
  /** For instance http://localhost:8899 */
  url: string;
  token: string;
  /** What it opens at first, for instance /lab */
  page: string;
  /** The folder that it shows. */
  folder: string;
  text(path: string): Promise<string>;
  /** The answer of Jupyter's REST API, whose shape the caller knows. */
  json<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

/** Starts JupyterLab on an empty folder below test/output and waits until it says where it listens. */
export async function startJupyter(
  name: string,
  environment: NodeJS.ProcessEnv = {},
  more: readonly string[] = [],
): Promise<Jupyter> {
  const folder = join(outputFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [port] = await freePorts(1);
  const args = ["start", "--", "--no-browser", "--port", String(port), "--work", folder, ...more];
  const server = startProgram("npm", args, {
    cwd: root,
    env: { ...process.env, ...environment },
    shell: process.platform === "win32",
  });
  const { token, page } = await addressOf(server).catch(async (error: unknown) => {
    await endProgram(server);
    throw error;
  });
  const url = `http://localhost:${port}`;
  const text = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers: { Authorization: `token ${token}` } });
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${response.statusText}`);
    return response.text();
  };
  return {
    url,
    token,
    page,
    folder,
    text,
    json: async <T>(path: string) => JSON.parse(await text(path)) as T,
    stop: () => endProgram(server),
  };
}

/** Page and token in the address that `npm start` prints, once it has printed it to its end. */
function addressOf({ child, output, ended }: Program): Promise<{ page: string; token: string }> {
  const said = () => output.stdout + output.stderr;
  const printed = new Promise<{ page: string; token: string }>((done, fail) => {
    const look = () => {
      const [, page, token] = /http:\/\/localhost:\d+(\/lab[^\s?]*)\?token=([0-9a-f]+)\s/.exec(said()) ?? [];
      if (token) done({ page, token });
    };
    child.stdout!.on("data", look);
    child.stderr!.on("data", look);
    ended.then((how) => fail(new Error(`npm start ${how}:\n${said()}`)), fail);
  });
  return within(100_000, "the address of JupyterLab", printed, said);
}
