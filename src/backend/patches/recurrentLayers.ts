/**
 * tfjs's recurrent layers (lstm, gru, simpleRNN, and those within bidirectional): all time steps as one kernel, where tfjs
 * runs some thirty a step, and as many again for the gradient.
 *
 * Only where the wasm backend has our kernels, for tfjs's own cells, without dropout and without a state that stays from
 * batch to batch; everything else goes tfjs's way.
 */
import * as tf from "@tensorflow/tfjs";
import { type ActivationObject, type CellName, kernelFits, recurrent } from "../recurrent";
import { layerPrototype, replaceMethod, singleInput } from "./patch";
import type { Call } from "./patch";

interface Cell extends tf.layers.Layer {
  units: number;
  activation: ActivationObject;
  recurrentActivation?: ActivationObject;
  kernel: tf.LayerVariable;
  recurrentKernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  dropout: number;
  recurrentDropout: number;
}

interface Rnn extends tf.layers.Layer {
  cell: Cell;
  returnSequences: boolean;
  returnState: boolean;
  goBackwards: boolean;
}

interface RnnArguments {
  mask?: tf.Tensor | null;
  training?: boolean;
  initialState?: tf.Tensor[] | null;
}

/** tfjs's cells by the names of their classes. */
const cells: Record<string, CellName> = { LSTMCell: "lstm", GRUCell: "gru", SimpleRNNCell: "simpleRnn" };

export function patchRecurrentLayers(): void {
  replaceMethod(tf.RNN.prototype as unknown as Rnn, "call", inOneKernel);
}

/** Which of the three this is; none for a cell of another class, or for one derived from these. */
function cellName(cell: Cell): CellName | undefined {
  return Object.keys(cells)
    .filter((className) => Object.getPrototypeOf(cell) === layerPrototype(className))
    .map((className) => cells[className])[0];
}

function inOneKernel(stock: Call): Call {
  return function (this: Rnn, inputs, kwargs) {
    const { cell } = this;
    const x = singleInput(inputs);
    const { mask, training, initialState } = (kwargs ?? {}) as RnnArguments;
    const name = cellName(cell);
    const states = name === "lstm" ? 2 : 1;
    const drops = training && (cell.dropout > 0 || cell.recurrentDropout > 0);
    const fits =
      name !== undefined &&
      !drops &&
      !this.stateful &&
      x.rank === 3 &&
      (mask == null || mask.rank === 2) &&
      (initialState == null || initialState.length === states);
    if (!fits) return stock.call(this, inputs, kwargs);
    return tf.tidy(() => {
      const options = {
        cell: name,
        ...{ units: cell.units, returnSequences: this.returnSequences, goBackwards: this.goBackwards },
        activation: cell.activation,
        recurrentActivation: cell.recurrentActivation ?? cell.activation,
        resetAfter: false,
        kernel: cell.kernel.read(),
        recurrentKernel: cell.recurrentKernel.read(),
        bias: cell.bias?.read(),
        normalization: undefined,
        mask: mask ?? undefined,
        initialStates: initialState ?? undefined,
      };
      if (!kernelFits(x, options)) return stock.call(this, inputs, kwargs);
      const { output, states } = recurrent(x, options);
      return this.returnState ? [output, ...states] : output;
    });
  };
}
