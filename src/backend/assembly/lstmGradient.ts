/** The way back through an LSTM: the formulas of lstm.ts, differentiated. */
import { sumRows } from "./elementwise";
import { ACCUMULATE } from "./matMul";
import { addOutputGradient, throughActivation } from "./recurrence";
import { weightGradients } from "./recurrentGradients";
import { normalizeSumsGradient } from "./recurrentNorm";
import {
  cells,
  dCell,
  dSquashed,
  dSumH,
  gainC,
  gainH,
  gainX,
  gates,
  hs,
  mask,
  panels,
  squashed,
  startBackward,
  statisticsC,
  statisticsH,
  statisticsX,
  sumH,
  sumX,
} from "./recurrentPlaces";
import { pack, packedProduct, stepsInBlock } from "./recurrentProducts";
import { activation, batch, gateActivation, norm, rows, started, steps, units } from "./recurrentSettings";
import { bytes, clear, put, take } from "./simd";

/**
 * Back-propagation through time: from the gradients of the outputs (0 if there are none) and of the last states to
 * those of all weights and first states, and of the gates' sums of x, [steps, batch, 4 units], which
 * `recurrentInputGradient` makes dx of. dH and dC are where the states' gradients go on to the first step.
 */
export function lstmGradient(
  x: usize,
  recurrent: usize,
  kept: usize,
  dOutputs: usize,
  dLastH: usize,
  dLastC: usize,
  dGates: usize,
  dKernel: usize,
  dRecurrent: usize,
  dBias: usize,
  dH: usize,
  dC: usize,
  dGammaX: usize,
  dGammaH: usize,
  dGammaC: usize,
  dBetaC: usize,
  scratch: usize,
  record: usize,
  epsilon: f32,
): void {
  startBackward(x, dLastH, dH, kept, scratch, record, epsilon);
  const width = units * 4;
  const stateStep = bytes(batch * units);
  const gateStep = bytes(batch * width);
  memory.copy(dC, dLastC, stateStep);
  if (norm) {
    clear(dGammaX, width);
    clear(dBias, width);
    clear(dGammaH, width);
    clear(dGammaC, units);
    clear(dBetaC, units);
  }

  const block = stepsInBlock();
  pack(recurrent, 4, bytes(width), width, units, panels);
  for (let s = steps - 1; s >= 0; s--) {
    const c = cells + <usize>s * stateStep;
    const gate = gates + <usize>s * gateStep;
    const squash = squashed + <usize>s * stateStep;
    const dGate = dGates + <usize>s * gateStep;
    const counts = mask + bytes(s * batch);
    if (dOutputs) addOutputGradient(dOutputs, dH, s);
    throughOutput(gate, squash, dH, dGate, dSquashed, counts);
    let dNext = dSquashed;
    if (norm) {
      dNext = dCell;
      normalizeSumsGradient(c + stateStep, dSquashed, gainC, dNext, dGammaC, dBetaC, statisticsC, s, 1, units);
    }
    throughCell(gate, c, dNext, dC, dGate, counts);
    let dSum = dGate;
    if (norm) {
      dSum = dSumH + <usize>(s % block) * gateStep;
      const sum = sumH + <usize>s * gateStep;
      normalizeSumsGradient(sum, dGate, gainH, dSum, dGammaH, 0, statisticsH, s, 1, width);
    }
    if (s > 0 || started) packedProduct(dSum, panels, dH, batch, width, units, 0, ACCUMULATE);
    if (s % block > 0) continue;
    // The steps of a block at once, while the nearer caches still hold them.
    const count = min(block, steps - s);
    const dBlock = dGate;
    if (norm) {
      const sum = sumX + <usize>s * gateStep;
      normalizeSumsGradient(sum, dBlock, gainX, dBlock, dGammaX, dBias, statisticsX, s, count, width);
    }
    weightGradients(s, count, hs, dBlock, norm ? dSumH : dBlock, width, dKernel, dRecurrent);
  }

  if (!norm) sumRows(dGates, dBias, rows, width);
}

/**
 * From h' = o φ: the gradients of o's sum and of φ's argument. dH is then 0, for the gradient of the states before; a
 * row that does not count keeps it and has no other.
 */
function throughOutput(gate: usize, squash: usize, dH: usize, dGate: usize, dArgument: usize, counts: usize): void {
  const row = bytes(units);
  const phi = activation;
  const rho = gateActivation;
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) === 0) {
      clear(dGate, units * 4);
      clear(dArgument, units);
    } else {
      const open = gate + row * 3;
      const dOpen = dGate + row * 3;
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) {
        outputGroup(open + u, squash + u, dH + u, dOpen + u, dArgument + u, phi, rho, false);
      }
      for (; u < row; u += 4) outputGroup(open + u, squash + u, dH + u, dOpen + u, dArgument + u, phi, rho, true);
      clear(dH, units);
    }
    gate += row * 4;
    squash += row;
    dH += row;
    dGate += row * 4;
    dArgument += row;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function outputGroup(
  open: usize,
  squash: usize,
  dH: usize,
  dOpen: usize,
  dArgument: usize,
  activation: i32,
  gateActivation: i32,
  single: bool,
): void {
  const o = take(open, single);
  const y = take(squash, single);
  const d = take(dH, single);
  put(dOpen, throughActivation(gateActivation, o, f32x4.mul(d, y)), single);
  put(dArgument, throughActivation(activation, y, f32x4.mul(d, o)), single);
}

/** From c' = f c + i g: the gradients of the sums of i, f and g, and of c, which takes the place of that of c'. */
function throughCell(gate: usize, c: usize, dNext: usize, dC: usize, dGate: usize, counts: usize): void {
  const row = bytes(units);
  const phi = activation;
  const rho = gateActivation;
  for (let n = 0; n < batch; n++) {
    if (load<f32>(counts) !== 0) {
      let u: usize = 0;
      for (; u + 16 <= row; u += 16) cellGroup(gate + u, c + u, dNext + u, dC + u, dGate + u, row, phi, rho, false);
      for (; u < row; u += 4) cellGroup(gate + u, c + u, dNext + u, dC + u, dGate + u, row, phi, rho, true);
    }
    gate += row * 4;
    c += row;
    dNext += row;
    dC += row;
    dGate += row * 4;
    counts += 4;
  }
}

// @ts-ignore: decorator
@inline
function cellGroup(
  gate: usize,
  c: usize,
  dNext: usize,
  dC: usize,
  dGate: usize,
  row: usize,
  activation: i32,
  gateActivation: i32,
  single: bool,
): void {
  const d = f32x4.add(take(dC, single), take(dNext, single));
  const i = take(gate, single);
  const f = take(gate + row, single);
  const g = take(gate + row * 2, single);
  put(dGate, throughActivation(gateActivation, i, f32x4.mul(d, g)), single);
  put(dGate + row, throughActivation(gateActivation, f, f32x4.mul(d, take(c, single))), single);
  put(dGate + row * 2, throughActivation(activation, g, f32x4.mul(d, i)), single);
  put(dC, f32x4.mul(d, f), single);
}
