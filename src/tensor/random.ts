/** Random numbers that come from a seed and from nothing else. */
import { sizeOf } from "./shape";
import { announceSource } from "./sources";
import { Tensor } from "./tensor";
import {
  checkFinite,
  checkOptions,
  checkPositiveInteger,
  checkInteger,
  checkShape,
  refuse,
} from "./validate";

/** A stream of random numbers; the same seed gives the same stream on every machine. */
export interface RandomGenerator {
  /** Uniform in [0, 1), 32 random bits. */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number 0 ≤ i < below. */
  integer(below: number): number;
  /** 0 … n − 1 in random order. */
  permutation(n: number): Uint32Array;
}

/** Four well-mixed words of a seed (SplitMix32's finalizer on seed + i·golden ratio). */
function mix(seed: number, i: number): number {
  let z = (seed + Math.imul(i + 1, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/** Chris Doty-Humphrey's sfc32 (PractRand), a small generator without known statistical faults. */
export function randomGenerator(seed: number): RandomGenerator {
  checkInteger("seed", seed);
  announceSource({ seed });
  const high = Math.floor(seed / 2 ** 32) | 0;
  let [a, b, c] = [mix(seed | 0, 0), mix(seed | 0, 1), mix(high, 2)];
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  const uniform = () => next() / 2 ** 32;
  const integer = (below: number) => Math.floor(uniform() * checkPositiveInteger("below", below));
  let spare: number | undefined;
  // Marsaglia's polar method: two normal numbers from a random point in the unit disc.
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    let u = 0;
    let v = 0;
    let s = 0;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * factor;
    return u * factor;
  };
  // Fisher and Yates: swap each place with a random one at or before it.
  const permutation = (n: number): Uint32Array => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
  return { uniform, normal, integer, permutation };
}

/** Normal random numbers; standardDeviation is σ, not σ². */
export function randomNormal(
  shape: readonly number[],
  options: { seed?: number; mean?: number; standardDeviation?: number } = {},
): Tensor {
  checkOptions<typeof options>("randomNormal", options, {
    ...{ seed: checkInteger, mean: checkFinite, standardDeviation: checkFinite },
  });
  const { seed = 0, mean = 0, standardDeviation = 1 } = options;
  if (standardDeviation < 0) {
    refuse("standardDeviation", standardDeviation, "0 or more");
  }
  const { normal } = randomGenerator(seed);
  return filled(shape, () => mean + standardDeviation * normal());
}

/** Uniform random numbers from min (included) to max (excluded). */
export function randomUniform(
  shape: readonly number[],
  options: { seed?: number; min?: number; max?: number } = {},
): Tensor {
  checkOptions<typeof options>("randomUniform", options, {
    ...{ seed: checkInteger, min: checkFinite, max: checkFinite },
  });
  const { seed = 0, min = 0, max = 1 } = options;
  if (max <= min) refuse("max", max, `greater than min, which is ${min}`);
  const { uniform } = randomGenerator(seed);
  return filled(shape, () => min + (max - min) * uniform());
}

function filled(shape: readonly number[], draw: () => number): Tensor {
  return new Tensor(shape, new Float64Array(sizeOf(checkShape("shape", shape))).map(draw));
}
