import * as tf from "@tensorflow/tfjs";
import { checkBoolean, checkOptions, type OptionChecks } from "../../tensor/validate";
import { RecurrentLayer } from "./recurrentLayer";
import { type GatedConfig, recurrentOptions } from "./settings";

export interface LstmConfig extends GatedConfig {
  /** Whether the bias of the forget gates starts at 1. Default true. */
  unitForgetBias?: boolean;
}

const options: OptionChecks<LstmConfig & { customObjects: unknown }> = {
  ...recurrentOptions,
  recurrentActivation: true,
  unitForgetBias: checkBoolean,
};

/** The layer that `lstm` makes. */
export class LstmLayer extends RecurrentLayer {
  static override className: string = "NormlabLSTM";

  constructor(config: LstmConfig) {
    checkOptions("layers.lstm", config, options);
    super("lstm", config);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { recurrentActivation, unitForgetBias } = this.recurrentCell.settings;
    return {
      ...super.getConfig(),
      recurrentActivation: recurrentActivation.getClassName(),
      unitForgetBias,
    };
  }
}

tf.serialization.registerClass(LstmLayer);

/**
 * A long short-term memory: [i f g o] = x K + h R + b, c′ = ρ(f) c + ρ(i) φ(g), h′ = ρ(o) φ(c′), with
 * φ = `activation`, ρ = `recurrentActivation`.
 *
 * Input (N, T, C); output the last h (N, units), or all, (N, T, units), with `returnSequences`; weights kernel (C, 4 units),
 * recurrent_kernel (units, 4 units), bias (4 units), the gates in the order i f g o. What Keras's LSTM computes.
 *
 * With `normalization: "layerNorm"` [i f g o] = LN(x K; γx) + LN(h R; γh) + b, h′ = ρ(o) φ(LN(c′; γc, βc)): Ba et al.
 * 2016, supplement, eq. 20–22. With "batchNorm" the same three sums go through batch norm, each time step with statistics
 * of its own, masked positions left out: Cooijmans et al. 2016, eq. 6–8. Weights kernel_gamma and recurrent_gamma
 * (4 units), cell_gamma and cell_beta (units); moving statistics (timeSteps, 4 units or units).
 *
 * At a masked position the state stays as it was. It begins at 0, or at `apply(x, { initialState: [h, c] })`.
 *
 * @throws a RangeError that names a setting that is none, or an initialState of another number of tensors.
 */
export function lstm(config: LstmConfig): LstmLayer {
  return new LstmLayer(config);
}
