/** Where variables lie between steps: recorded steps read and write them there, whatever tfjs does in other steps. */
import * as tf from "@tensorflow/tfjs";
import { addressOf, bytesOf, forgetPacked, heapBytes } from "./arena";

/** From, to, bytes. */
export type Move = readonly [number, number, number];

export function moveAll(moves: readonly Move[]): void {
  const targets = new Set(moves.map(([, to]) => to));
  // What one move brings, another may overwrite: of variables that were assigned to each other.
  const saved = moves.map(([from, , bytes]) =>
    targets.has(from) ? heapBytes().slice(from, from + bytes) : undefined,
  );
  moves.forEach(([from, to, bytes], i) => {
    if (saved[i]) heapBytes().set(saved[i], to);
    else heapBytes().copyWithin(to, from, from + bytes);
  });
}

export class Homes {
  readonly variables: readonly tf.Variable[];
  readonly #homes: readonly tf.Tensor[];

  constructor(variables: readonly tf.Variable[]) {
    this.variables = variables;
    this.#homes = variables.map((variable) => tf.tensor(variable.dataSync(), variable.shape, variable.dtype));
  }

  /** Brings the variables home from where tfjs has put them, and answers these moves. */
  settle(): Move[] {
    const moves: Move[] = [];
    this.variables.forEach((variable, i) => {
      const home = this.#homes[i];
      if (variable.dataId === home.dataId) return;
      moves.push([addressOf(variable.dataId), addressOf(home.dataId), bytesOf(home.shape, home.dtype)]);
    });
    moveAll(moves);
    this.variables.forEach((variable, i) => {
      if (variable.dataId !== this.#homes[i].dataId) variable.assign(this.#homes[i]);
    });
    if (moves.length > 0) this.announce();
    return moves;
  }

  /** Lets tfjs's kernels see that the variables have new values where they lie. */
  announce(): void {
    for (const { dataId } of this.#homes) forgetPacked(dataId);
  }

  /** The variables stay where they are, and are tfjs's alone. */
  dispose(): void {
    tf.dispose([...this.#homes]);
  }
}
