import type { checks, Tensor } from "normlab";
import type { Bank } from "../bank";

type Filter = checks.FilterNormalized;

const lengths = (x: Tensor, axes = [0]) => x.square().sum(axes, true).sqrt();

export const right: Filter[] = [
  (drawn, kernel) => drawn.div(lengths(drawn)).mul(lengths(kernel)),
  (drawn, kernel) => {
    const [inputs, units] = drawn.shape;
    const result = drawn.mul(1);
    for (let c = 0; c < units; c++) {
      let [own, wanted] = [0, 0];
      for (let d = 0; d < inputs; d++) {
        own += drawn.at(d, c) ** 2;
        wanted += kernel.at(d, c) ** 2;
      }
      for (let d = 0; d < inputs; d++) result.data[d * units + c] *= Math.sqrt(wanted / own);
    }
    return result;
  },
];

export const wrong: Bank<Filter>["wrong"] = [
  {
    name: "rows",
    message: /took the rows/,
    solution: (drawn, kernel) => drawn.mul(lengths(kernel, [1])).div(lengths(drawn, [1])),
  },
  {
    name: "the whole layer",
    message: /lengths of the whole layer/,
    solution: (drawn, kernel) => drawn.mul(lengths(kernel, [0, 1])).div(lengths(drawn, [0, 1])),
  },
  {
    name: "every weight by itself",
    message: /every single weight/,
    solution: (drawn, kernel) => drawn.div(drawn.abs()).mul(kernel.abs()),
  },
  {
    name: "not divided by its own length",
    message: /did not divide by the direction's own length/,
    solution: (drawn, kernel) => drawn.mul(lengths(kernel)),
  },
  {
    name: "length 1",
    message: /columns have length 1/,
    solution: (drawn) => drawn.div(lengths(drawn)),
  },
  {
    name: "upside down",
    message: /upside down/,
    solution: (drawn, kernel) => drawn.mul(lengths(drawn)).div(lengths(kernel)),
  },
  {
    name: "no roots",
    message: /took squared lengths/,
    solution: (drawn, kernel) => drawn.mul(kernel.square().sum([0])).div(drawn.square().sum([0])),
  },
  {
    name: "no root above",
    message: /took the square of ‖w‖/,
    solution: (drawn, kernel) => drawn.mul(kernel.square().sum([0])).div(lengths(drawn)),
  },
  {
    name: "absolute values",
    message: /summed absolute values/,
    solution: (drawn, kernel) => drawn.mul(kernel.abs().sum([0])).div(drawn.abs().sum([0])),
  },
  {
    name: "standard deviations",
    message: /forget the means/,
    solution: (drawn, kernel) => {
      const spread = (x: Tensor) =>
        x
          .sub(x.mean([0]))
          .square()
          .mean([0])
          .sqrt();
      return drawn.mul(spread(kernel)).div(spread(drawn));
    },
    case: "a kernel (5, 3)",
  },
  {
    name: "the network's weights",
    message: /scaled the network's weights/,
    solution: (drawn, kernel) => kernel.mul(lengths(kernel)).div(lengths(drawn)),
  },
  {
    name: "weights and direction",
    message: /added the network's weights/,
    solution: (drawn, kernel) => kernel.add(drawn.mul(lengths(kernel)).div(lengths(drawn))),
  },
  {
    name: "root mean square above, length below",
    message: /root of the mean square for w/,
    solution: (drawn, kernel) => drawn.mul(kernel.square().mean([0]).sqrt()).div(lengths(drawn)),
  },
  // Two mistakes together.
  {
    name: "rows, not divided",
    message: [/took the rows/, /did not divide by the direction's own length/],
    solution: (drawn, kernel) => drawn.mul(lengths(kernel, [1])),
  },
  {
    name: "the whole layer, no roots",
    message: [/lengths of the whole layer/, /took squared lengths/],
    solution: (drawn, kernel) => drawn.mul(kernel.square().sum()).div(drawn.square().sum()),
  },
  {
    name: "rows, upside down",
    message: [/took the rows/, /upside down/],
    solution: (drawn, kernel) => drawn.mul(lengths(drawn, [1])).div(lengths(kernel, [1])),
  },
];
