/** What the recurrent layers share: tfjs's RNN with a cell of ours, computed by `recurrent`. */
import * as tf from "@tensorflow/tfjs";
import { type CellName, recurrent } from "../../backend/recurrent";
import { refuse } from "../../tensor/validate";
import { type CallArguments, type Inputs, singleShape } from "../normalizationLayer";
import { RecurrentCell } from "./recurrentCell";
import { type GatedConfig, serializeSettings, settingsOf } from "./settings";

type RnnArguments = ConstructorParameters<typeof tf.RNN>[0];

interface RecurrentArguments extends CallArguments {
  mask?: tf.Tensor | (tf.Tensor | null)[] | null;
  initialState?: tf.Tensor[] | null;
}

/** A layer's settings, and the two that only one of the layers has. */
export type AnyConfig = GatedConfig & { unitForgetBias?: boolean; resetAfter?: boolean };

export abstract class RecurrentLayer extends tf.RNN {
  protected readonly recurrentCell: RecurrentCell;

  constructor(cell: CellName, config: AnyConfig) {
    const settings = settingsOf(config);
    const recurrentCell = new RecurrentCell(cell, settings);
    // Of the settings tfjs reads what any recurrent layer has.
    super({ ...config, cell: recurrentCell } as unknown as RnnArguments);
    this.recurrentCell = recurrentCell;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    const { recurrentCell: cell } = this;
    if (shape.length !== 3) refuse("inputShape", { shape }, "of rank 3: (batch, time, features)");
    if (shape[2] == null) refuse("inputShape", { shape }, "known along axis 2, the features");
    if (cell.settings.normalization === "batchNorm") {
      cell.timeSteps =
        cell.settings.timeSteps ??
        shape[1] ??
        refuse("timeSteps", undefined, "given where the inputs' number of time steps is not known");
    }
    super.build(inputShape);
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const { mask, initialState, training } = (kwargs ?? {}) as RecurrentArguments;
      const { recurrentCell: cell, returnSequences, goBackwards, returnState } = this;
      const { settings } = cell;
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const states = cell.kind === "lstm" ? 2 : 1;
      if (initialState && initialState.length !== states) {
        refuse(
          "initialState",
          initialState,
          states === 2 ? "an array of two tensors, [h, c]" : "an array of one, [h]",
        );
      }
      // As in Keras, a layer that is not trainable runs in inference mode.
      const { normalization, update } = cell.normalization(!!training && this.trainable);
      const result = recurrent(x, {
        cell: cell.kind,
        ...{ units: settings.units, resetAfter: settings.resetAfter, returnSequences, goBackwards },
        ...{ activation: settings.activation, recurrentActivation: settings.recurrentActivation },
        kernel: cell.kernel.read(),
        recurrentKernel: cell.recurrentKernel.read(),
        bias: cell.bias?.read(),
        normalization,
        mask: (Array.isArray(mask) ? mask[0] : mask) ?? undefined,
        initialStates: initialState ?? undefined,
      });
      // An empty batch has no statistics, and moves none.
      if (x.size > 0) update();
      return returnState ? [result.output, ...result.states] : result.output;
    });
  }

  /** The penalties of the cell's regularizers, which tfjs's RNN leaves out. */
  override get losses(): tf.layers.Layer["losses"] {
    return this.recurrentCell.losses;
  }

  override getConfig(): tf.serialization.ConfigDict {
    // tfjs's cell would put its name here, and settings that ours have not.
    const { stateful: _stateful, unroll: _unroll, ...config } = super.getConfig();
    return { ...config, ...serializeSettings(this.recurrentCell.settings) };
  }

  /** tfjs's RNN restores a cell first; ours comes from the settings. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
