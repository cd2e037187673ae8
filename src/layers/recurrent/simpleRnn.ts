import * as tf from "@tensorflow/tfjs";
import { checkOptions } from "../../tensor/validate";
import { RecurrentLayer } from "./recurrentLayer";
import { type RecurrentConfig, recurrentOptions } from "./settings";

/** The layer that `simpleRNN` makes. */
export class SimpleRnnLayer extends RecurrentLayer {
  static override className: string = "NormlabSimpleRNN";

  constructor(config: RecurrentConfig) {
    checkOptions("layers.simpleRNN", config, recurrentOptions);
    super("simpleRnn", config);
  }
}

tf.serialization.registerClass(SimpleRnnLayer);

/**
 * A simple recurrent network: h′ = φ(x K + h R + b), with φ = `activation`.
 *
 * Input (N, T, C); output the last h (N, units), or all, (N, T, units), with `returnSequences`; weights kernel (C, units),
 * recurrent_kernel (units, units), bias (units). What Keras's SimpleRNN computes.
 *
 * With `normalization: "layerNorm"` h′ = φ(LN(x K + h R; γ) + b): Ba et al. 2016, eq. 4. With "batchNorm" the sum goes
 * through batch norm, each time step with statistics of its own, masked positions left out. Weight gamma (units); moving
 * statistics (timeSteps, units).
 *
 * At a masked position the state stays as it was. It begins at 0, or at `apply(x, { initialState: [h] })`.
 *
 * @throws a RangeError that names a setting that is none, or an initialState of another number of tensors.
 */
export function simpleRNN(config: RecurrentConfig): SimpleRnnLayer {
  return new SimpleRnnLayer(config);
}
