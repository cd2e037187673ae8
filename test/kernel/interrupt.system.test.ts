import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";
import { isAlive } from "../support/process";

/** A kernel that was interrupted is usable again within two seconds; a busy machine gets more, in proportion. */
let usableMs: number;

describe("interrupt", () => {
  let kernel: TestKernel;
  sharedKernel(async (started) => {
    kernel = started;
    await kernel.run("let steps = 0; const kept = 'kept';");
    const start = performance.now();
    for (let i = 0; i < 5; i++) await kernel.run("1");
    usableMs = 2000 + 4 * (performance.now() - start);
  });

  /** Runs a cell that says "go", interrupts it, and measures how long it takes until the next cell has run. */
  async function interrupted(code: string) {
    const cell = await kernel.begin(code);
    await kernel.printed(cell.id, "go\n");
    const start = performance.now();
    expect((await kernel.interrupt()).status).toBe("ok");
    const run = await cell.done;
    expect((await kernel.run("1 + 1")).result).toBe("2");
    return { ...run, id: cell.id, usableAfter: performance.now() - start };
  }
  const isKept = async () => (await kernel.run("kept")).result === "'kept'";

  it("stops a loop, and everything assigned before stays", async () => {
    const { reply, errors, usableAfter } = await interrupted("console.log('go');\nfor (;;) steps++;");
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(errors).toContain("line 2");
    expect(usableAfter).toBeLessThan(usableMs);
    expect((await kernel.run("steps > 0 && kept")).result).toBe("'kept'");
  });

  it("stops a loop after an await", async () => {
    const { reply, usableAfter } = await interrupted("await 1; console.log('go'); while (true) { steps++ }");
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(usableAfter).toBeLessThan(usableMs);
    expect(await isKept()).toBe(true);
  });

  it("stops a loop in code that is not the cell's", async () => {
    const code = "console.log('go'); [2, 1].sort(new Function('for (;;) {}') as () => number);";
    const { reply, usableAfter } = await interrupted(code);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(usableAfter).toBeLessThan(usableMs);
    expect(await isKept()).toBe(true);
  });

  it("ends an await, whose code does not go on", async () => {
    const pause = "const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));";
    const { reply, id, usableAfter } = await interrupted(
      `${pause}
      setInterval(() => { steps = -1; console.log("interval"); }, 100);
      (async () => { await pause(150); steps = -2; console.log("beside"); })();
      console.log("go");
      await pause(100); steps = -3; console.log("after");`,
    );
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(usableAfter).toBeLessThan(usableMs);
    await kernel.run("steps = 5; await new Promise((next) => setTimeout(next, 400));");
    expect((await kernel.run("steps")).result).toBe("5");
    const texts = kernel.messagesOf(id).map((m) => m.content.text);
    expect(texts.filter((text) => text !== undefined)).toEqual(["go\n"]);
  });

  it("lets code that listens to the cell's signal end by itself, and keeps what it gave", async () => {
    const { reply, usableAfter } = await interrupted(
      `const { signal } = (globalThis as any)[Symbol.for("normlab.cell")] as { signal: AbortSignal };
      console.log("go");
      const partial = await new Promise<string>((end) => signal.addEventListener("abort", () => setTimeout(end, 100, "partial run")));`,
    );
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(usableAfter).toBeLessThan(usableMs);
    expect((await kernel.run("partial")).result).toBe("'partial run'");
  });

  it("ends the process where nothing else helps, and says what was lost", async () => {
    const code = "await 1; console.log('go'); new Function('for (;;) {}')();";
    const { reply, errors, usableAfter } = await interrupted(code);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(errors).toContain("All variables are lost");
    expect(usableAfter).toBeLessThan(usableMs);
    expect((await kernel.run("kept")).errors).toMatch(/It was lost .* run its cell \(Cell In \[1\]\) again/);
  });

  it("does not wait for a program that the cell had started", async () => {
    const program = JSON.stringify(["-e", "setTimeout(() => {}, 15_000)"]);
    const { errors, usableAfter } = await interrupted(
      `import { spawnSync } from "node:child_process";
      console.log("go"); spawnSync(process.execPath, ${program}, { stdio: "inherit" });`,
    );
    expect(errors).toContain("All variables are lost");
    expect(usableAfter).toBeLessThan(usableMs);
  });

  it("of training leaves a figure that says where it was interrupted, though the cell goes on to train more", async () => {
    const { messages, reply } = await interrupted(`
      import * as tf from "@tensorflow/tfjs";
      import { initBackend, liveDisplay, loadMnist, train, trainingProgress } from "normlab";
      await initBackend();
      const digits = loadMnist({ limit: 200 });
      const live = liveDisplay();
      let isTold = false;
      for (const seed of [1, 2, 3]) {
        const model = tf.sequential();
        model.add(tf.layers.flatten({ inputShape: [28, 28, 1] }));
        model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
        model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
        await train(model, digits, {
          epochs: 10_000,
          seed,
          onProgress: (progress) => {
            live.update(trainingProgress([progress]));
            if (!isTold) console.log("go");
            isTold = true;
          },
        });
      }
      for (;;) await new Promise((next) => setTimeout(next, 10));`);
    expect(reply.ename).toBe("Interrupted");
    const titles = messages
      .filter((m) => m.header.msg_type === "display_data")
      .map((m) =>
        JSON.stringify((m.content.data as Record<string, unknown>)["application/vnd.plotly.v1+json"]),
      )
      .map((figure) => /<b>(.*?)<\/b>/.exec(figure)?.[1]);
    expect(titles[0]).toBe("Training …");
    expect(titles.at(-1)).toMatch(/^Interrupted in epoch \d+ of 10000$/);
  });

  it("between cells does nothing", async () => {
    expect((await kernel.interrupt()).status).toBe("ok");
    expect((await kernel.run("2 + 2")).result).toBe("4");
  });
});

describe("a kernel that is killed", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));

  it("leaves no process behind, however busy", async () => {
    const busy = await kernel.begin("console.log(process.pid); await 1; for (;;) {}");
    const { content } = await kernel.waitFor(
      "the runner's number",
      (m) => m.parent.msg_id === busy.id && m.content.text !== undefined,
    );
    const runner = Number(content.text);
    expect(isAlive(runner)).toBe(true);
    await kernel.kill();
    await expect.poll(() => isAlive(runner), { timeout: 20_000, message: "the runner is alive" }).toBe(false);
  });
});
