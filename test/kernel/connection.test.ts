import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Request } from "zeromq";
import { Connection } from "../../dist/kernel/protocol/connection";

const folder = mkdtempSync(join(tmpdir(), "normlab-connection-"));
afterAll(() => rmSync(folder, { recursive: true }));

// What is thrown beside the awaited promises fails the whole run of vitest.
it.skipIf(process.platform === "win32")("closes quietly, though a heartbeat may be on its way", async () => {
  for (let round = 0; round < 20; round++) {
    const ip = join(folder, `${round}`);
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const file = join(folder, `${round}.json`);
    writeFileSync(file, JSON.stringify({ transport: "ipc", ip, key: "key", ...ports }));
    const connection = new Connection(file);
    await connection.open(() => {});
    const client = new Request({ linger: 0, receiveTimeout: 1000 });
    client.connect(`ipc://${ip}-5`);
    await client.send("beat");
    expect(`${(await client.receive())[0]}`).toBe("beat");
    await client.send("beat");
    // Closed from now to some milliseconds later, so that the beat is met at different places.
    await new Promise((resolve) => setTimeout(resolve, round / 10));
    await connection.close();
    client.close();
  }
});
