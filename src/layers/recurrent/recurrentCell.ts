/** The weights of a recurrent layer, in the place where tfjs's RNN looks for them: its cell. */
import * as tf from "@tensorflow/tfjs";
import type { CellName, NormGains, RecurrentOptions, SumName } from "../../backend/recurrent";
import type { Initializer } from "../identifiers";
import type { RecurrentSettings } from "./settings";
import { inferring, type NormalizedSum, training } from "./stepStatistics";

/** Weights of each unit: the columns of the kernels are so many times the units. */
const columnsPerUnit: Record<CellName, number> = { lstm: 4, gru: 3, simpleRnn: 1 };

/** Which sums are normalized, by the name that their weights begin with; how many values each has a unit. */
const normalizedSums: Record<CellName, Partial<Record<SumName, [prefix: string, size: number]>>> = {
  lstm: { x: ["kernel_", 4], h: ["recurrent_", 4], c: ["cell_", 1] },
  gru: { x: ["kernel_", 3], h: ["recurrent_", 3] },
  simpleRnn: { h: ["", 1] },
};

export class RecurrentCell extends tf.layers.Layer {
  static className: string = "NormlabRecurrentCell";
  readonly stateSize: number | number[];
  kernel!: tf.LayerVariable;
  recurrentKernel!: tf.LayerVariable;
  bias: tf.LayerVariable | undefined;
  /** How many steps have moving statistics of their own; the layer sets it when it knows its inputs. */
  timeSteps: number | undefined;
  private readonly gains: Partial<Record<SumName, { gamma: tf.LayerVariable; beta?: tf.LayerVariable }>> = {};
  private readonly moving: Partial<Record<SumName, NormalizedSum>> = {};

  constructor(
    readonly kind: CellName,
    readonly settings: RecurrentSettings,
  ) {
    super({});
    const { units } = settings;
    this.stateSize = kind === "lstm" ? [units, units] : units;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { settings, kind } = this;
    const { units } = settings;
    const width = columnsPerUnit[kind] * units;
    const inputs = (inputShape as tf.Shape).at(-1)!;
    this.kernel = this.addWeight(
      "kernel",
      [inputs, width],
      "float32",
      settings.kernelInitializer,
      settings.kernelRegularizer,
      true,
      settings.kernelConstraint,
    );
    this.recurrentKernel = this.addWeight(
      "recurrent_kernel",
      [units, width],
      "float32",
      settings.recurrentInitializer,
      settings.recurrentRegularizer,
      true,
      settings.recurrentConstraint,
    );
    if (settings.useBias) this.buildBias(width);
    if (settings.normalization !== "none") this.buildNormalization();
    this.built = true;
  }

  private buildBias(width: number): void {
    const { biasInitializer, biasRegularizer, biasConstraint, resetAfter, unitForgetBias, units } =
      this.settings;
    const shape = this.kind === "gru" && resetAfter ? [2, width] : [width];
    const bias = this.addWeight(
      "bias",
      shape,
      "float32",
      biasInitializer,
      biasRegularizer,
      true,
      biasConstraint,
    );
    this.bias = bias;
    if (this.kind !== "lstm" || !unitForgetBias) return;
    // Jozefowicz et al. 2015: the forget gates start open.
    tf.tidy(() => {
      const [input, , rest] = tf.split(bias.read(), [units, units, 2 * units]);
      bias.write(tf.concat([input, tf.ones([units]), rest]));
    });
  }

  private buildNormalization(): void {
    const { normalization, units, gammaInitializer } = this.settings;
    const add = (name: string, shape: number[], initializer: Initializer, trainable = true) =>
      this.addWeight(name, shape, "float32", initializer, undefined, trainable);
    const sums = Object.entries(normalizedSums[this.kind]) as [SumName, [string, number]][];
    for (const [sum, [prefix, size]] of sums) {
      this.gains[sum] = {
        gamma: add(`${prefix}gamma`, [size * units], gammaInitializer),
        ...(sum === "c" && { beta: add(`${prefix}beta`, [units], tf.initializers.zeros()) }),
      };
    }
    if (normalization !== "batchNorm") return;
    for (const [sum, [prefix, size]] of sums) {
      const shape = [this.timeSteps!, size * units];
      this.moving[sum] = {
        ...this.gains[sum]!,
        mean: add(`${prefix}moving_mean`, shape, tf.initializers.zeros(), false),
        variance: add(`${prefix}moving_variance`, shape, tf.initializers.ones(), false),
      };
    }
  }

  /** The normalization as `recurrent` takes it, and what is to be done after it ran. */
  normalization(isTraining: boolean): {
    normalization: RecurrentOptions["normalization"];
    update: () => void;
  } {
    const { normalization, epsilon, momentum } = this.settings;
    const update = () => undefined;
    if (normalization === "none") return { normalization: undefined, update };
    const { moving, timeSteps } = this;
    if (normalization === "batchNorm" && !isTraining) {
      return { normalization: inferring(moving, timeSteps!, epsilon), update };
    }
    const { x, h, c } = this.gains;
    const gains: NormGains = { gammaH: h!.gamma.read(), epsilon };
    if (x) gains.gammaX = x.gamma.read();
    if (c) [gains.gammaC, gains.betaC] = [c.gamma.read(), c.beta!.read()];
    if (normalization === "layerNorm") return { normalization: gains, update };
    const { update: move, ...steps } = training(moving, timeSteps!, epsilon, momentum);
    return { normalization: { gains, ...steps }, update: move };
  }
}
