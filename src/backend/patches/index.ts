/** What normlab replaces in tfjs's layers, optimizers and models. Saved models and configurations stay tfjs's. */
import { patchActivations } from "./activations";
import { patchAdamOptimizer } from "./adamOptimizer";
import { patchConvolutionLayer } from "./convolutionLayer";
import { patchCrossEntropyLoss } from "./crossEntropyLoss";
import { patchDenseLayer } from "./denseLayer";
import { patchForgottenMasks, patchMergeMasks } from "./masks";
import { patchNoiseLayers } from "./noiseLayers";
import { patchBatchNormalization, patchLayerNormalization } from "./normalizationLayers";
import { patchOrthogonalInitializer } from "./orthogonalInitializer";
import { patchRecurrentLayers } from "./recurrentLayers";

/** In a step's order, from the first layer to the weights. Any other does the same: see `replaceMethod`. */
export const patches: (() => void)[] = [
  patchActivations, // fast: swish, GELU and log-softmax as one kernel each, with their gradients
  patchConvolutionLayer, // fast: convolution, bias and ReLU as one kernel; right: tfjs refuses to train dilations
  patchBatchNormalization, // right: tfjs's throws in training without center or scale
  patchLayerNormalization, // fast: tfjs's tiles its statistics, tens of thousands of calls a step
  patchOrthogonalInitializer, // fast: tfjs's takes seconds for the recurrent kernel of 256 units
  patchRecurrentLayers, // fast: all time steps as one kernel, where tfjs runs dozens a step
  patchMergeMasks, // right: tfjs's mask of a sum has an axis too many, and leaves out an input's
  patchForgottenMasks, // right: tfjs hands a mask on to layers that its sequence does not go to
  patchDenseLayer, // fast: product, bias and ReLU as one kernel; remembers the input of a softmax for …
  patchCrossEntropyLoss, // … right: a network that is sure of wrong answers never learns again from tfjs's
  patchNoiseLayers, // fast: what they draw is drawn anew in each recorded step
  patchAdamOptimizer, // fast: one kernel a variable instead of a dozen operations
];

let applied = false;

/** Applies all patches. Calling it again does nothing. */
export function applyPatches(): void {
  if (applied) return;
  applied = true;
  for (const patch of patches) patch();
}
