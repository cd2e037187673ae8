/**
 * A whole LSTM over time, forward and back (Hochreiter & Schmidhuber 1997, with forget gates; gates in Keras's order):
 *
 *   [i f g o] = x K + h R + b       c' = ρ(f) c + ρ(i) φ(g)       h' = ρ(o) φ(c')
 *
 * With layer norm (Ba et al. 2016, supplement, eq. 20–22) the two products and c' go through one each:
 *
 *   [i f g o] = LN(x K; γx) + LN(h R; γh) + b       h' = ρ(o) φ(LN(c'; γc, βc))
 *
 * Batch norm (Cooijmans et al. 2016, eq. 6–8) takes the place of layer norm with statistics of each step's batch.
 *
 * The input's product is one for all steps. What the way back needs stays in `memory`; a masked row keeps its state.
 */
import { ACCUMULATE, START } from "./matMul";
import { activate, copyOrClear } from "./recurrence";
import { addNormalized, normalizeSums } from "./recurrentNorm";
import {
  cells,
  finishForward,
  gainC,
  gainH,
  gainX,
  gates,
  hs,
  mask,
  normalizedH,
  panels,
  squashed,
  startForward,
  statisticsC,
  statisticsH,
  statisticsX,
  sumH,
  sumX,
  xs,
} from "./recurrentPlaces";
import { pack, packedProduct } from "./recurrentProducts";
import { activation, batch, gateActivation, inputs, norm, rows, started, steps, units } from "./recurrentSettings";
import { bytes, put, take } from "./simd";

/**
 * x [batch, steps, inputs] → h and c after the last step, and, unless `outputs` is 0, h of all steps
 * [batch, steps, units]. 0 in place of bias, h0, c0 and maskIn says that there is none; batch norm's statistics go to
 * statisticsOut.
 */
export function lstm(
  x: usize,
  kernel: usize,
  recurrent: usize,
  bias: usize,
  h0: usize,
  c0: usize,
  maskIn: usize,
  gammaX: usize,
  gammaH: usize,
  gammaC: usize,
  betaC: usize,
  outputs: usize,
  lastH: usize,
  lastC: usize,
  statisticsOut: usize,
  kept: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startForward(x, h0, maskIn, gammaX, gammaH, kept, scratch, record, epsilon);
  const width = units * 4;
  const stateStep = bytes(batch * units);
  const gateStep = bytes(batch * width);
  copyOrClear(c0, cells, batch * units);

  pack(kernel, bytes(width), 4, inputs, width, panels);
  if (norm) {
    memory.copy(gainC, gammaC, bytes(units));
    packedProduct(xs, panels, sumX, rows, inputs, width, 0, START);
    normalizeSums(sumX, gainX, bias, gates, statisticsX, 0, steps, width);
  } else {
    packedProduct(xs, panels, gates, rows, inputs, width, bias, START);
  }

  pack(recurrent, bytes(width), 4, units, width, panels);
  for (let s = 0; s < steps; s++) {
    const h = hs + <usize>s * stateStep;
    const c = cells + <usize>s * stateStep;
    const gate = gates + <usize>s * gateStep;
    const squash = squashed + <usize>s * stateStep;
    const counts = mask + bytes(s * batch);
    if (norm) {
      const sum = sumH + <usize>s * gateStep;
      packedProduct(h, panels, sum, batch, units, width, 0, START);
      addNormalized(sum, gainH, gate, statisticsH, s, width, normalizedH);
    } else if (s > 0 || started) {
      packedProduct(h, panels, gate, batch, units, width, 0, ACCUMULATE);
    }
    openGates(gate, c, c + stateStep, counts);
    if (norm) {
      normalizeSums(c + stateStep, gainC, betaC, squash, statisticsC, s, 1, units);
      activate(activation, squash, squash, batch * units);
    } else {
      activate(activation, c + stateStep, squash, batch * units);
    }
    putOut(gate, squash, h, h + stateStep, counts);
  }

  finishForward(lastH, outputs, statisticsOut);
  memory.copy(lastC, cells + <usize>steps * stateStep, stateStep);
}

/** The gates' activations in place, and c' = f c + i g of a step. */
function openGates(gate: usize, c: usize, next: usize, counts: usize): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      memory.copy(next, c, row);
    } else {
      activate(gateActivation, gate, gate, units * 2);
      activate(activation, gate + row * 2, gate + row * 2, units);
      activate(gateActivation, gate + row * 3, gate + row * 3, units);
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) newCell(gate + u, c + u, next + u, row, false);
      for (; u < row; u += 4) newCell(gate + u, c + u, next + u, row, true);
    }
    gate += row * 4;
    c += row;
    next += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function newCell(gate: usize, c: usize, next: usize, row: usize, single: bool): void {
  const added = f32x4.mul(take(gate, single), take(gate + row * 2, single));
  put(next, f32x4.add(f32x4.mul(take(gate + row, single), take(c, single)), added), single);
}

/** h' = o · squashed of a step. */
function putOut(gate: usize, squash: usize, h: usize, next: usize, counts: usize): void {
  const row = bytes(units);
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      memory.copy(next, h, row);
    } else {
      const open = gate + row * 3;
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) v128.store(next + u, f32x4.mul(v128.load(open + u), v128.load(squash + u)));
      for (; u < row; u += 4) store<f32>(next + u, load<f32>(open + u) * load<f32>(squash + u));
    }
    gate += row * 4;
    squash += row;
    h += row;
    next += row;
    counts += 4;
  }
}
