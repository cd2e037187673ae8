/** The nonlinearities of a probe network, each with its derivative written in terms of its output. */
import type { Tensor } from "../tensor";

export type Activation = "tanh" | "sigmoid" | "relu" | "linear";

interface Nonlinearity {
  /** φ(u) */
  value: (u: number) => number;
  /** φ′(u), given h = φ(u) */
  slope: (h: number) => number;
}

export const activations: Record<Activation, Nonlinearity> = {
  tanh: { value: Math.tanh, slope: (h) => 1 - h * h },
  sigmoid: { value: (u) => 1 / (1 + Math.exp(-u)), slope: (h) => h * (1 - h) },
  relu: { value: (u) => Math.max(u, 0), slope: (h) => (h > 0 ? 1 : 0) },
  linear: { value: (u) => u, slope: () => 1 },
};

/** h = φ(u), element by element. */
export function activate(u: Tensor, activation: Activation): Tensor {
  return u.map(activations[activation].value);
}

/** du = dh · φ′(u), element by element, from h = φ(u). */
export function activateGrad(dh: Tensor, h: Tensor, activation: Activation): Tensor {
  const { slope } = activations[activation];
  return dh.map((value, i) => value * slope(h.data[i]));
}
