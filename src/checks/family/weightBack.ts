import { weightNorm, weightNormGrad } from "../../norm";
import { randomNormal, randomUniform, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

interface Gradients {
  dv: Tensor;
  dg: Tensor;
}

/** (dW (D,C), v (D,C), g (C)) → dv (D,C) and dg (C), for W = g·v/‖v‖ with the norm of each column. */
export type WeightNormBackward = (dW: Tensor, v: Tensor, g: Tensor) => Gradients;

/** Exercise family-weight-back: the gradients of length and direction. */
export const familyWeightBack: Check<WeightNormBackward> = formulaExercise("family-weight-back", {
  switches: {
    rows: "you took the length of each row; a unit's weights are a column, along axis 0",
    oneNorm: "you took one length of the whole matrix; each unit (column) has its own",
    normSquared: "you divided by ‖v‖² where ‖v‖ belongs (the root is missing)",
    rootMean: "you took the root of the mean of the squares; ‖v‖ is the root of their sum",
    sumNorm: "you added absolute values; ‖v‖ is the root of the sum of squares",
    dgNotDivided: "dg is the part of dW along v's direction: divide Σ dW·v by ‖v‖",
    dgWithG: "g is no part of its own gradient: dg = Σ dW·v/‖v‖",
    dgMean: "dg is a sum over the unit's weights, not a mean",
    dgNotSummed: "dg is not summed yet: g has one gradient a unit, the sum over its column",
    dgSign: "the sign of dg is wrong",
    noProjection:
      "your dv treats ‖v‖ as a constant: it depends on v; the part along v, dg·v/‖v‖, has to be taken away",
    projectionSign: "the sign of the term with dg is wrong: it is subtracted",
    projectionNotUnit: "the part along v is dg times the *unit* vector v/‖v‖; you left out the division",
    projectionTwice: "you divided the part along v by ‖v‖ twice: dg·v/‖v‖ has it once",
    projectionWithG: "g is in the subtracted term twice: the factor g/‖v‖ in front has it",
    projectionOutside: "the factor g/‖v‖ multiplies the whole bracket; you multiplied dW alone by it",
    noG: "g is missing from dv: the factor in front is g/‖v‖",
    gDivided: "you divided by g; the factor in front of dv is g/‖v‖",
    noNorm: "dv lacks the division by ‖v‖: the factor in front is g/‖v‖",
    multipliedByNorm: "you multiplied dv by ‖v‖; divide by it",
    dvSign: "the sign of dv is wrong",
  },
  formula:
    (on) =>
    (dW: Tensor, v: Tensor, g: Tensor): Gradients => {
      const axes = on("rows") ? [1] : on("oneNorm") ? [0, 1] : [0];
      const squares = on("sumNorm")
        ? v.abs().sum(axes, true)
        : on("rootMean")
          ? v.square().mean(axes, true)
          : v.square().sum(axes, true);
      const norm = on("sumNorm") || on("normSquared") ? squares : squares.sqrt();
      const unit = v.div(norm);
      const products = dW.mul(on("dgNotDivided") ? v : unit);
      const summed = on("dgMean") ? products.mean([0]) : products.sum([0]);
      const scaled = on("dgWithG") ? summed.mul(g) : summed;
      const along = on("projectionNotUnit") ? v : on("projectionTwice") ? unit.div(norm) : unit;
      const own = dW.mul(unit).sum([0]);
      const part = along.mul(on("projectionWithG") ? own.mul(g) : own);
      const top = on("noG") ? g.mul(0).add(1) : on("gDivided") ? g.map((each) => 1 / each) : g;
      const front = v
        .mul(0)
        .add(top)
        .div(on("noNorm") ? 1 : on("multipliedByNorm") ? norm.map((each) => 1 / each) : norm);
      const signed = on("noProjection") ? part.mul(0) : on("projectionSign") ? part : part.neg();
      const dv = on("projectionOutside") ? dW.mul(front).add(signed) : dW.add(signed).mul(front);
      const dg = on("dgNotSummed") ? products : scaled;
      return { dv: on("dvSign") ? dv.neg() : dv, dg: on("dgSign") ? dg.neg() : dg };
    },
  right: (dW, v, g) => weightNormGrad(dW, weightNorm(v, g, { axes: [0] }).cache),
  cases: (seed) => {
    const trials = (shape: [number, number], s: number) => {
      const v = randomNormal(shape, { seed: seed + s, standardDeviation: 1.5 });
      const g = randomUniform([shape[1]], { seed: seed + s + 100, min: 0.5, max: 3 });
      const args: [Tensor, Tensor, Tensor] = [randomNormal(shape, { seed: seed + s + 200 }), v, g];
      return [
        { args, output: "dv" },
        { args, output: "dg" },
      ];
    };
    return {
      usual: { "a kernel (5, 3)": trials([5, 3], 0), "a square kernel (4, 4)": trials([4, 4], 1) },
      hard: { "one unit": trials([6, 1], 2), "two inputs": trials([2, 5], 3) },
    };
  },
});
