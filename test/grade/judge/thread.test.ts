/** The thread of the checks sleeps until it is answered, whoever wakes it before. */
import { once } from "node:events";
import { resolve } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { FrameReader } from "../../../dist/grade/box/frames";
import { encode } from "../../../dist/grade/box/values";
import type { JudgeReport } from "../../../dist/grade/judge/messages";
import { within } from "../../support/within";

it("a notification that comes late, of the answer before, wakes nobody", async () => {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(resolve(__dirname, "../../../dist/grade/judge/thread.js"), {
    workerData: { signal, port: port2 },
    transferList: [port2],
  });
  try {
    port1.on("message", () => {
      let woken = 0;
      const wake = setInterval(() => {
        // Once it sleeps, and twice more; then the answer comes.
        woken += Atomics.notify(signal, 0);
        if (woken < 3) return;
        clearInterval(wake);
        const [frame] = new FrameReader().push(encode({ type: "loaded", solution: 5 }, () => 0));
        port1.postMessage({ frame });
        Atomics.store(signal, 0, 1);
        Atomics.notify(signal, 0);
      }, 5);
    });
    const task = { cells: [], name: "solution", modules: [], forbidden: [] };
    thread.postMessage({ task, check: { name: "bnForward" }, seed: 1 });
    const [report] = (await within(30_000, "the report", once(thread, "message"))) as [JudgeReport];
    expect(report.end).toBeUndefined();
    expect(report.results[0].message).toMatch(/function/);
  } finally {
    port1.close();
    await thread.terminate();
  }
});
