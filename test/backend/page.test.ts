/** What stands in the place of node.ts on a web page, tried in Node. */
import { afterEach, describe, expect, it, vi } from "vitest";
import * as node from "../../dist/backend/node";
import * as page from "../../dist/backend/page";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the backend on a web page", () => {
  it("has what it has in Node", () => {
    const inNodesPlace: typeof node = page;
    expect(Object.keys(inNodesPlace).sort()).toEqual(Object.keys(node).sort());
  });

  it("reads the kernels from the page's server", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      return new Response(Uint8Array.of(1, 2));
    });
    expect(new Uint8Array(await page.readKernels("kernels", "/wasm/"))).toEqual(Uint8Array.of(1, 2));
    await page.readKernels("kernels-fma", page.defaultWasmPath);
    expect(asked).toEqual(["/wasm/kernels.wasm", "./kernels-fma.wasm"]);
  });

  it("says what is missing, and that other backends come with the page", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
    await expect(page.readKernels("kernels", "/wasm/")).rejects.toThrow(
      /\/wasm\/kernels\.wasm .*404.*wasmPath/,
    );
    expect(() => page.loadOptionalPackage("webgpu")).toThrow(/imports itself/);
  });
});
