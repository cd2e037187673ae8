import type { LayerNormBackward, LayerNormForward } from "../checks";
import { defaults } from "../norm";
import { standardizeGradOver, standardizeOver } from "../norm/standardize";
import type { Tensor } from "../tensor";
import { checkOptions } from "../tensor/validate";
import { checkFunction, type NormalizedLayer, type OwnLayer, trialLayer } from "./layer";
import { Part } from "./part";

/** Your functions, as the exercises of lesson 04 ask for them. */
export interface OwnLayerNormFunctions {
  forward?: LayerNormForward;
  backward?: LayerNormBackward;
}

const axes = [1];
const { epsilon } = defaults.layerNorm;

/** The package's, in the form in which the exercises ask for them. */
const packages: Required<OwnLayerNormFunctions> = {
  forward: (x, gamma, beta) => standardizeOver(x, { axes, epsilon }).xHat.mul(gamma).add(beta),
  backward(dy, x, gamma) {
    const { xHat, rstd } = standardizeOver(x, { axes, epsilon });
    return {
      dx: standardizeGradOver(dy.mul(gamma), { xHat, rstd, axes }),
      dGamma: dy.mul(xHat).sum([0]),
      dBeta: dy.sum([0]),
    };
  },
};

/**
 * A layer norm made of your own functions, for `trainBeside`: y by `forward`, in training and for new examples, the
 * gradients by `backward`. The package's takes the place of one that is left out or can't be used, as in
 * {@link ownBatchNorm}.
 *
 * @throws RangeError for what is no function, and for another name.
 */
export function ownLayerNorm(functions: OwnLayerNormFunctions): OwnLayer {
  checkOptions("ownLayerNorm", functions, { forward: checkFunction, backward: checkFunction });
  return { method: "layerNorm", build: (shape) => build(functions, shape) };
}

function build(functions: OwnLayerNormFunctions, shape: readonly [number, number]) {
  const { z, dy, gamma, beta } = trialLayer(shape);
  const forwardTrial: Parameters<LayerNormForward> = [z, gamma, beta, epsilon];
  const forward = new Part("forward", functions.forward, packages.forward, [], forwardTrial);
  const results = ["dx", "dGamma", "dBeta"];
  const backwardTrial: Parameters<LayerNormBackward> = [dy, z, gamma, epsilon];
  const backward = new Part("backward", functions.backward, packages.backward, results, backwardTrial);
  const normalize = (step: number, x: Tensor, { gamma, beta }: NormalizedLayer) =>
    forward.call(step, x, gamma, beta, epsilon);
  return {
    parts: [forward.report, backward.report],
    at: (step: number) => ({
      training: (x: Tensor, layer: NormalizedLayer) => ({
        y: normalize(step, x, layer),
        backward: (upstream: Tensor) => backward.call(step, upstream, x, layer.gamma, epsilon),
      }),
      inference: (x: Tensor, layer: NormalizedLayer) => normalize(step, x, layer),
    }),
  };
}
