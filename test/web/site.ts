/** A web page of one script, as a bundler makes it and a server on this machine gives it out. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type LogLevel, rolldown, type RolldownLog } from "rolldown";

const requireHere = createRequire(__filename);
const wasmFolders = [
  dirname(requireHere.resolve("@tensorflow/tfjs-backend-wasm")),
  join(dirname(requireHere.resolve("normlab")), "backend"),
];

/**
 * A module and all that it imports as one script for browsers, which puts the module's exports into `globalThis[name]`.
 * The packages' own `browser` fields are heeded, ours among them.
 *
 * @throws if the bundler warns of anything: it warns, and goes on, where it finds no module for an import, and one of
 *   Node's is never found.
 */
export async function bundleForPage(entry: string, name: string): Promise<string> {
  const warnings: string[] = [];
  const onLog = (level: LogLevel, { message }: RolldownLog) => {
    if (level === "warn") warnings.push(message);
  };
  const bundle = await rolldown({ input: entry, platform: "browser", onLog });
  try {
    const { output } = await bundle.generate({ format: "iife", name, codeSplitting: false });
    if (warnings.length > 0) throw new Error(`${entry} can't be bundled for a page: ${warnings.join("\n")}`);
    return output[0].code;
  } finally {
    await bundle.close();
  }
}

export interface Site {
  url: string;
  close: () => Promise<void>;
}

/** Serves a page with this script at `/`, and the .wasm files of tfjs and of normlab together under `/wasm/`. */
export async function serve(script: string): Promise<Site> {
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="/script.js"></script>';
  const contentOf = async (path: string): Promise<[type: string, content: string | Buffer] | undefined> => {
    if (path === "/") return ["text/html", html];
    if (path === "/script.js") return ["text/javascript", script];
    const file = path.match(/^\/wasm\/([\w-]+\.wasm)$/)?.[1];
    for (const folder of file ? wasmFolders : []) {
      const content = await readFile(join(folder, file!)).catch(() => undefined);
      if (content) return ["application/wasm", content];
    }
    return undefined;
  };
  const server = createServer((request, response) => {
    void contentOf(request.url ?? "").then((found) => {
      const [type, content] = found ?? ["text/plain", "there is no such file"];
      response.writeHead(found ? 200 : 404, { "Content-Type": type }).end(content);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
