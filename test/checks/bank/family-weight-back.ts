import { weightNorm, weightNormGrad, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.WeightNormBackward>;

interface Parts {
  norm?: (v: Tensor) => Tensor;
  dg?: (dW: Tensor, unit: Tensor, v: Tensor, g: Tensor) => Tensor;
  /** What is taken away from dW. */
  part?: (unit: Tensor, along: Tensor, v: Tensor, norm: Tensor, g: Tensor) => Tensor | number;
  dv?: (bracket: Tensor, g: Tensor, norm: Tensor) => Tensor;
}

/** The two gradients with one of their parts replaced. */
const backwardBy =
  ({
    norm = (v) => v.square().sum([0], true).sqrt(),
    dg = (dW, unit) => dW.mul(unit).sum([0]),
    part = (unit, along) => unit.mul(along),
    dv = (bracket, g, length) => bracket.mul(g).div(length),
  }: Parts): checks.WeightNormBackward =>
  (dW, v, g) => {
    const length = norm(v);
    const unit = v.div(length);
    const along = dW.mul(unit).sum([0]);
    return { dv: dv(dW.sub(part(unit, along, v, length, g)), g, length), dg: dg(dW, unit, v, g) };
  };

export const right: Solution["right"] = [
  backwardBy({}),
  (dW, v, g) => weightNormGrad(dW, weightNorm(v, g, { axes: [0] }).cache),
  // Salimans and Kingma's second form: dW times a matrix that projects onto what is orthogonal to v.
  (dW, v, g) => {
    const squares = v.square().sum([0]);
    const inner = dW.mul(v).sum([0]);
    const scale = g.div(squares.sqrt());
    return { dv: dW.sub(v.mul(inner.div(squares))).mul(scale), dg: inner.div(squares.sqrt()) };
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "‖v‖ as a constant",
    message: /treats ‖v‖ as a constant/,
    solution: backwardBy({ part: () => 0 }),
  },
  {
    name: "plus",
    message: /sign of the term with dg is wrong/,
    solution: backwardBy({ part: (unit, along) => unit.mul(along).neg() }),
  },
  {
    name: "dg times v",
    message: /you left out the division/,
    solution: backwardBy({ part: (_unit, along, v) => v.mul(along) }),
  },
  {
    name: "dg·v/‖v‖²",
    message: /divided the part along v by ‖v‖ twice/,
    solution: backwardBy({ part: (unit, along, _v, norm) => unit.div(norm).mul(along) }),
  },
  {
    name: "g in the bracket",
    message: /g is in the subtracted term twice/,
    solution: backwardBy({ part: (unit, along, _v, _norm, g) => unit.mul(along).mul(g) }),
  },
  {
    name: "no g",
    message: /g is missing from dv/,
    solution: backwardBy({ dv: (bracket, _g, norm) => bracket.div(norm) }),
  },
  {
    name: "no norm",
    message: /dv lacks the division by ‖v‖/,
    solution: backwardBy({ dv: (bracket, g) => bracket.mul(g) }),
  },
  {
    name: "dg not divided",
    message: /divide Σ dW·v by ‖v‖/,
    solution: backwardBy({ dg: (dW, _unit, v) => dW.mul(v).sum([0]) }),
  },
  {
    name: "dg times g",
    message: /g is no part of its own gradient/,
    solution: backwardBy({ dg: (dW, unit, _v, g) => dW.mul(unit).sum([0]).mul(g) }),
  },
  {
    name: "dg not summed",
    message: /dg is not summed yet/,
    solution: backwardBy({ dg: (dW, unit) => dW.mul(unit) }),
  },
  {
    name: "dg averaged",
    message: /dg is a sum over the unit's weights/,
    solution: backwardBy({ dg: (dW, unit) => dW.mul(unit).mean([0]) }),
  },
  {
    name: "one length",
    message: /one length of the whole matrix/,
    solution: backwardBy({ norm: (v) => v.square().sum([0, 1], true).sqrt() }),
  },
  {
    name: "squared length",
    message: /divided by ‖v‖² where ‖v‖ belongs/,
    solution: backwardBy({ norm: (v) => v.square().sum([0], true) }),
  },
  {
    name: "‖v‖ as a constant, no g",
    message: [/treats ‖v‖ as a constant/, /g is missing from dv/],
    solution: backwardBy({ part: () => 0, dv: (bracket, _g, norm) => bracket.div(norm) }),
  },
  {
    name: "plus, and dg not divided",
    message: [/sign of the term with dg is wrong/, /divide Σ dW·v by ‖v‖/],
    solution: backwardBy({
      part: (unit, along) => unit.mul(along).neg(),
      dg: (dW, _unit, v) => dW.mul(v).sum([0]),
    }),
  },
  {
    name: "no norm, dg averaged",
    message: [/dv lacks the division by ‖v‖/, /dg is a sum over the unit's weights/],
    solution: backwardBy({
      dv: (bracket, g) => bracket.mul(g),
      dg: (dW, unit) => dW.mul(unit).mean([0]),
    }),
  },
];
