import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { channelAxis } from "../norm/instanceNorm";
import { otherAxes } from "../tensor/shape";
import {
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import {
  type AffineConfig,
  affineOptions,
  type CallArguments,
  checkFeatureAxis,
  type Inputs,
  NormalizationLayer,
  singleShape,
} from "./normalizationLayer";

export interface GroupNormConfig extends AffineConfig {
  /** Number of groups; −1 for one a channel. Default 32. */
  groups?: number;
  /** The channel axis. Default −1. */
  axis?: number;
  /** Default 1e-3. */
  epsilon?: number;
}

const options: OptionChecks<GroupNormConfig> = {
  groups(argument, groups) {
    if (groups !== -1) checkPositiveInteger(argument, groups);
  },
  axis: checkFeatureAxis,
  epsilon: checkPositive,
  ...affineOptions,
};

/** The layer that `groupNorm` makes. */
export class GroupNormLayer extends NormalizationLayer {
  static className: string = "NormlabGroupNorm";
  private readonly groups: number;
  private readonly axis: number;
  private readonly epsilon: number;

  constructor(config: GroupNormConfig) {
    checkOptions("layers.groupNorm", config, options);
    super(config);
    this.groups = config.groups ?? 32;
    this.axis = config.axis ?? defaults.groupNorm.axis;
    this.epsilon = config.epsilon ?? defaults.groupNorm.epsilon;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    const [channels] = this.buildAffine(shape, [channelAxis({ shape, rank: shape.length }, this.axis)]);
    if (this.groups !== -1 && channels % this.groups !== 0) {
      refuse("groups", this.groups, `a divisor of the ${channels} channels`);
    }
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const [channel] = this.parameterAxes;
      const groups = this.groups === -1 ? x.shape[channel] : this.groups;
      // The channels become two axes, (groups, C / groups), in x as in γ and β.
      const split = (t: tf.Tensor) =>
        t.reshape(t.shape.flatMap((d, axis) => (axis === channel ? [groups, d / groups] : [d])));
      const { gamma, beta } = this.affineFor(x);
      const y = normalize(split(x), {
        axes: otherAxes(x.rank + 1, [0, channel]),
        epsilon: this.epsilon,
        gamma: gamma && split(gamma),
        beta: beta && split(beta),
      }).y;
      return y.reshape(x.shape);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups, axis: this.axis, epsilon: this.epsilon };
  }
}

tf.serialization.registerClass(GroupNormLayer);

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, each group of channels of each sample, over space too.
 *
 * Input (N,H,W,C), (N,T,C) or (N,C), the channels at `axis`; weights gamma and beta (C): one a channel, not one
 * a group. What Keras's GroupNormalization computes.
 */
export function groupNorm(config: GroupNormConfig = {}): GroupNormLayer {
  return new GroupNormLayer(config);
}
