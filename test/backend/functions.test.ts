/** exp, sigmoid and tanh of assembly/functions.ts against JavaScript's, in both builds. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { normlab } from "./inProcess";

setFlagsFromString("--experimental-wasm-relaxed-simd");

type Values = (x: number, y: number, n: number) => void;

/** An array kernel on a memory of its own. Node 20 and 22 differ in whether they have fused multiply-add. */
function load(build: string): Record<string, (x: Float32Array) => Float32Array> {
  const memory = new WebAssembly.Memory({ initial: 256 });
  const code = readFileSync(join(dirname(normlab), "backend", `${build}.wasm`));
  const imports = { env: { memory, abort: () => undefined } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), imports);
  return Object.fromEntries(
    ["exp", "sigmoid", "tanh"].map((name) => [
      name,
      (x) => {
        const values = new Float32Array(memory.buffer, 0, x.length);
        values.set(x);
        (exports[`${name}Values`] as Values)(0, 0, x.length);
        return values.slice();
      },
    ]),
  );
}

const exact: Record<string, (x: number) => number> = {
  exp: Math.exp,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

/** All magnitudes, from far below to far above what float32's exponentials reach, in small steps. */
const grid = new Float32Array(1_000_003);
for (let i = 0; i < grid.length; i++) {
  const u = i / (grid.length - 1);
  grid[i] = i % 3 === 0 ? 220 * (u - 0.5) : Math.sign(u - 0.5) * 10 ** (8 * Math.abs(2 * u - 1) - 6);
}

const smallestNormal = 2 ** -126;

describe.each(["kernels", "kernels-fma"])("%s", (build) => {
  it.each([
    ["exp", 1.5e-7],
    ["sigmoid", 2e-7],
    ["tanh", 2.5e-7],
  ])("%s is exact to %d, relatively", (name, bound) => {
    const y = load(build)[name](grid);
    let worst = 0;
    grid.forEach((x, i) => {
      const wanted = exact[name](x);
      // Denormal results have fewer digits; sigmoid's are 0 where e⁻ˣ is too large.
      const isRight =
        wanted > 2 ** 128 - 2 ** 103
          ? y[i] === Infinity
          : name !== "tanh" && wanted < smallestNormal
            ? y[i] >= 0 && y[i] <= smallestNormal
            : undefined;
      if (isRight === undefined) worst = Math.max(worst, Math.abs(y[i] - wanted) / (Math.abs(wanted) || 1));
      else if (!isRight) worst = Infinity;
    });
    expect(worst).toBeLessThan(bound);
  });

  it("takes what is no number, not finite, or 0, in every place of a short array", () => {
    const functions = load(build);
    const special = Float32Array.of(NaN, Infinity, -Infinity, 0, -0, 3e38, -3e38);
    expect(Array.from(functions.exp(special))).toEqual([NaN, Infinity, 0, 1, 1, Infinity, 0]);
    expect(Array.from(functions.sigmoid(special))).toEqual([NaN, 1, 0, 0.5, 0.5, 1, 0]);
    expect(Array.from(functions.tanh(special))).toEqual([NaN, 1, -1, 0, -0, 1, -1]);
    // From the last lanes' way, too: reversed, NaN and the infinities are the odd ones at the end.
    expect(Array.from(functions.exp(special.slice().reverse()))).toEqual([
      0,
      Infinity,
      1,
      1,
      0,
      Infinity,
      NaN,
    ]);
  });
});
