import * as tf from "@tensorflow/tfjs";
import { checkBoolean, checkOptions, type OptionChecks, refuse } from "../../tensor/validate";
import { RecurrentLayer } from "./recurrentLayer";
import { type GatedConfig, recurrentOptions } from "./settings";

export interface GruConfig extends GatedConfig {
  /** Whether the reset gate acts on h R (as in PyTorch) or on h. Default true. */
  resetAfter?: boolean;
}

const options: OptionChecks<GruConfig & { customObjects: unknown }> = {
  ...recurrentOptions,
  recurrentActivation: true,
  resetAfter: checkBoolean,
};

/** The layer that `gru` makes. */
export class GruLayer extends RecurrentLayer {
  static override className: string = "NormlabGRU";

  constructor(config: GruConfig) {
    checkOptions("layers.gru", config, options);
    const { resetAfter = true, normalization = "none" } = config;
    if (!resetAfter && normalization !== "none") {
      refuse("resetAfter", resetAfter, `true with normalization "${normalization}", which acts on h R`);
    }
    super("gru", config);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { recurrentActivation, resetAfter } = this.recurrentCell.settings;
    return { ...super.getConfig(), recurrentActivation: recurrentActivation.getClassName(), resetAfter };
  }
}

tf.serialization.registerClass(GruLayer);

/**
 * A gated recurrent unit: [z r] = ρ(x K + b + h R + b′), g = φ(x Kg + b + r ∘ (h Rg + b′)), h′ = z ∘ h + (1 − z) ∘ g, with
 * φ = `activation`, ρ = `recurrentActivation`; without `resetAfter` g = φ(x Kg + b + (r ∘ h) Rg).
 *
 * Input (N, T, C); output the last h (N, units), or all, (N, T, units), with `returnSequences`; weights kernel (C, 3 units),
 * recurrent_kernel (units, 3 units), bias (2, 3 units), one row for x and one for h, or (3 units) without `resetAfter`;
 * gates in the order z r g. What Keras's GRU computes.
 *
 * With `normalization: "layerNorm"` x K, h R, x Kg and h Rg each go through layer norm: Ba et al. 2016, supplement,
 * eq. 23–25. With "batchNorm" they go through batch norm, each time step with statistics of its own, masked positions left
 * out, as Cooijmans et al. 2016 do it for an LSTM. Weights kernel_gamma and recurrent_gamma (3 units); moving statistics
 * (timeSteps, 3 units).
 *
 * At a masked position the state stays as it was. It begins at 0, or at `apply(x, { initialState: [h] })`.
 *
 * @throws a RangeError that names a setting that is none, or an initialState of another number of tensors.
 */
export function gru(config: GruConfig): GruLayer {
  return new GruLayer(config);
}
