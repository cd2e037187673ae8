import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, expect, it } from "vitest";
import { Homes } from "../../dist/backend/recording/homes";

beforeAll(() => initBackend());

it.each([
  [0, 1],
  [1, 0],
])(
  "variables that were assigned to each other come home with their values, in the order %d, %d",
  (...order) => {
    const variables = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
    const [a, b] = variables;
    const homes = new Homes(order.map((i) => variables[i]));
    homes.settle();
    a.assign(b);
    b.assign(tf.tensor1d([5, 6]));
    homes.settle();
    expect([a, b].map((variable) => Array.from(variable.dataSync()))).toEqual([
      [3, 4],
      [5, 6],
    ]);
    homes.dispose();
    expect([a, b].map((variable) => Array.from(variable.dataSync()))).toEqual([
      [3, 4],
      [5, 6],
    ]);
  },
);
