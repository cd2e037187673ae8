/**
 * A whole simple recurrent network over time, forward and back (Elman 1990):
 *
 *   h' = φ(x K + h R + b)           with layer norm (Ba et al. 2016, eq. 4)   h' = φ(LN(x K + h R; γ) + b)
 *
 * Batch norm takes its place with statistics over the batch for each step. What the way back needs is left in
 * `memory`; a masked row carries its state on.
 */
import { sumRows } from "./elementwise";
import { ACCUMULATE, START } from "./matMul";
import { activate, addOutputGradient, throughActivation } from "./recurrence";
import { weightGradients } from "./recurrentGradients";
import { normalizeSums, normalizeSumsGradient } from "./recurrentNorm";
import {
  finishForward,
  gainH,
  hs,
  mask,
  panels,
  startBackward,
  startForward,
  statisticsH,
  sumH,
  xs,
} from "./recurrentPlaces";
import { pack, packedProduct } from "./recurrentProducts";
import { activation, batch, inputs, norm, rows, started, steps, units } from "./recurrentSettings";
import { bytes, clear, put, take } from "./simd";

/**
 * x [batch, steps, inputs] → h after the last step, and, unless `outputs` is 0, h of all steps [batch, steps, units].
 * 0 in place of bias, h0 and maskIn says that there is none; batch norm's statistics go to statisticsOut.
 */
export function simpleRnn(
  x: usize,
  kernel: usize,
  recurrent: usize,
  bias: usize,
  h0: usize,
  maskIn: usize,
  gamma: usize,
  outputs: usize,
  lastH: usize,
  statisticsOut: usize,
  kept: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startForward(x, h0, maskIn, 0, gamma, kept, scratch, record, epsilon);
  const stateStep = bytes(batch * units);
  // Without a normalization the sums become h where they lie.
  const products = norm ? sumH : hs + stateStep;
  pack(kernel, bytes(units), 4, inputs, units, panels);
  packedProduct(xs, panels, products, rows, inputs, units, norm ? 0 : bias, START);
  pack(recurrent, bytes(units), 4, units, units, panels);
  for (let s = 0; s < steps; s++) {
    const h = hs + <usize>s * stateStep;
    const next = h + stateStep;
    const sum = products + <usize>s * stateStep;
    if (s > 0 || started) packedProduct(h, panels, sum, batch, units, units, 0, ACCUMULATE);
    if (norm) normalizeSums(sum, gainH, bias, next, statisticsH, s, 1, units);
    activate(activation, next, next, batch * units);
    for (let n = 0; n < batch; n++) {
      const at = <usize>n * bytes(units);
      if (load<f32>(mask + bytes(s * batch + n)) === 0) memory.copy(next + at, h + at, bytes(units));
    }
  }
  finishForward(lastH, outputs, statisticsOut);
}

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last state to those
 * of all weights and of the first state, and of the sums that x went into, which `recurrentInputGradient` makes dx of.
 * dH is where the state's gradient goes on to the first step.
 */
export function simpleRnnGradient(
  x: usize,
  recurrent: usize,
  kept: usize,
  dOutputs: usize,
  dLastH: usize,
  dSums: usize,
  dKernel: usize,
  dRecurrent: usize,
  dBias: usize,
  dH: usize,
  dGamma: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startBackward(x, dLastH, dH, kept, scratch, record, epsilon);
  const stateStep = bytes(batch * units);
  if (norm) {
    clear(dGamma, units);
    clear(dBias, units);
  }

  pack(recurrent, 4, bytes(units), units, units, panels);
  for (let s = steps - 1; s >= 0; s--) {
    const at = <usize>s * stateStep;
    const dSum = dSums + at;
    if (dOutputs) addOutputGradient(dOutputs, dH, s);
    throughStep(hs + at + stateStep, dH, dSum, mask + bytes(s * batch));
    if (norm) normalizeSumsGradient(sumH + at, dSum, gainH, dSum, dGamma, dBias, statisticsH, s, 1, units);
    if (s > 0 || started) packedProduct(dSum, panels, dH, batch, units, units, 0, ACCUMULATE);
  }

  if (!norm) sumRows(dSums, dBias, rows, units);
  weightGradients(0, steps, hs, dSums, dSums, units, dKernel, dRecurrent);
}

/**
 * From h' = φ(sum): the gradient of the sum. dH is then 0, for the gradient of the state before; a row that does not
 * count keeps it.
 */
function throughStep(next: usize, dH: usize, dSum: usize, counts: usize): void {
  const row = bytes(units);
  const phi = activation;
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dSum, units);
    } else {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) stepGroup(next + u, dH + u, dSum + u, phi, false);
      for (; u < row; u += 4) stepGroup(next + u, dH + u, dSum + u, phi, true);
      clear(dH, units);
    }
    next += row;
    dH += row;
    dSum += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function stepGroup(next: usize, dH: usize, dSum: usize, activation: i32, single: bool): void {
  put(dSum, throughActivation(activation, take(next, single), take(dH, single)), single);
}
