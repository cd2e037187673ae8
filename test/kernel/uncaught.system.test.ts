import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";

describe("what nobody caught, after initBackend()", () => {
  let kernel: TestKernel;
  sharedKernel(async (started) => {
    kernel = started;
    const { errors } = await kernel.run(
      'import { initBackend } from "normlab"; await initBackend(); const kept = 7;',
    );
    expect(errors).toBe("");
  });
  /** Runs a cell, waits for its error, and looks whether variables of before are still there. */
  const errorOf = async (code: string, evalue: string) => {
    const { id, done } = await kernel.begin(code);
    await done;
    await kernel.waitFor(
      `the error ${evalue}`,
      (m) => m.parent.msg_id === id && m.header.msg_type === "error" && m.content.evalue === evalue,
    );
    expect((await kernel.run("kept")).result).toBe("7");
    return kernel
      .messagesOf(id)
      .filter((m) => m.header.msg_type === "error")
      .map((m) => m.content.evalue);
  };

  it.each([
    ["a rejection", 'void Promise.reject(new Error("rejected"))', "rejected"],
    ["an exception in a timer", 'setTimeout(() => { throw new Error("timed"); }, 5);', "timed"],
    ["an exception in nextTick", 'process.nextTick(() => { throw new Error("ticked"); });', "ticked"],
    ["an exception in a microtask", 'queueMicrotask(() => { throw new Error("tiny"); });', "tiny"],
  ])("%s is an error of its cell, once, and variables are kept", async (_, code, evalue) => {
    expect(await errorOf(code, evalue)).toEqual([evalue]);
  });

  it("listeners that throw, or take others away, end nothing", async () => {
    await kernel.run('process.on("unhandledRejection", function rethrow(reason) { throw reason; });');
    expect(await errorOf('void Promise.reject(new Error("again"))', "again")).toEqual(["again"]);
    await kernel.run('process.removeAllListeners("unhandledRejection");');
    expect(await errorOf('void Promise.reject(new Error("alone"))', "alone")).toEqual(["alone"]);
    // tfjs takes all listeners along when its backend goes.
    await kernel.run('import * as tf from "@tensorflow/tfjs"; tf.removeBackend("wasm");');
    expect(await errorOf('void Promise.reject(new Error("after"))', "after")).toEqual(["after"]);
  });

  it("a cell's own listeners hear it too", async () => {
    await kernel.run(
      'let heard: unknown; process.once("uncaughtException", (error) => { heard = error.message; });',
    );
    await errorOf('setTimeout(() => { throw new Error("loud"); }, 5);', "loud");
    expect((await kernel.run("heard")).result).toBe("'loud'");
  });
});
