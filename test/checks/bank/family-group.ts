import { groupNorm, standardize, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.GroupNormForward>;

interface Parts {
  /** The two lengths that the channels are split into. */
  lengths?: (groups: number, size: number) => [number, number];
  /** The reduced axes, for x of this rank. */
  axes?: (rank: number) => number[];
  deviation?: (centred: Tensor, axes: number[], epsilon: number) => Tensor;
  last?: (xHat: Tensor, gamma: Tensor, beta: Tensor) => Tensor;
}

const spaceOf = (rank: number) => Array.from({ length: rank - 2 }, (_, i) => i + 1);

/** Group norm with one of its parts replaced. */
const groupBy =
  ({
    lengths = (groups, size) => [groups, size],
    axes = (rank) => [...spaceOf(rank), rank],
    deviation = (centred, over, epsilon) => centred.square().mean(over, true).add(epsilon).sqrt(),
    last = (xHat, gamma, beta) => xHat.mul(gamma).add(beta),
  }: Parts): checks.GroupNormForward =>
  (x, gamma, beta, groups, epsilon) => {
    const channels = x.shape[x.rank - 1];
    const split = x.reshape([...x.shape.slice(0, -1), ...lengths(groups, channels / groups)]);
    const over = axes(x.rank);
    const centred = split.sub(split.mean(over, true));
    return last(centred.div(deviation(centred, over, epsilon)).reshape(x.shape), gamma, beta);
  };

export const right: Solution["right"] = [
  groupBy({}),
  (x, gamma, beta, groups, epsilon) => groupNorm(x, { gamma, beta, groups, epsilon }).y,
  // One row for each sample and group, after the places have been moved behind the groups.
  (x, gamma, beta, groups, epsilon) => {
    const channels = gamma.size;
    const [n, places] = [x.shape[0], x.size / x.shape[0] / channels];
    const parts = x.reshape([n, places, groups, channels / groups]).transpose([0, 2, 1, 3]);
    const rows = parts.reshape([n * groups, -1]);
    const { xHat } = standardize(rows, { axes: [1], epsilon });
    const back = xHat.reshape(parts.shape).transpose([0, 2, 1, 3]).reshape(x.shape);
    return back.mul(gamma).add(beta);
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "over the batch too",
    message: /averaged over the batch too/,
    solution: groupBy({ axes: (rank) => [0, ...spaceOf(rank), rank] }),
  },
  {
    name: "each place by itself",
    message: /all places of the image belong/,
    solution: groupBy({ axes: (rank) => [rank] }),
  },
  {
    name: "layer norm",
    message: /averaged over every group together/,
    solution: groupBy({ axes: (rank) => [...spaceOf(rank), rank - 1, rank] }),
  },
  {
    name: "every G-th channel",
    message: /channels of a group must be neighbours/,
    solution: groupBy({
      lengths: (groups, size) => [size, groups],
      axes: (rank) => [...spaceOf(rank), rank - 1],
    }),
  },
  {
    name: "groups of G channels",
    message: /made groups of `groups` channels/,
    solution: groupBy({ lengths: (groups, size) => [size, groups] }),
  },
  {
    name: "over the groups",
    message: /averaged over the groups instead of the channels/,
    solution: groupBy({ axes: (rank) => [...spaceOf(rank), rank - 1] }),
  },
  {
    name: "m − 1",
    message: /divided by m − 1/,
    solution: groupBy({
      deviation: (centred, over, epsilon) => {
        const m = centred.size / centred.mean(over).size;
        return centred
          .square()
          .sum(over, true)
          .div(m - 1)
          .add(epsilon)
          .sqrt();
      },
    }),
  },
  {
    name: "ε outside",
    message: /ε stands outside the root/,
    solution: groupBy({
      deviation: (centred, over, epsilon) => centred.square().mean(over, true).sqrt().add(epsilon),
    }),
  },
  {
    name: "variance",
    message: /divided by the variance/,
    solution: groupBy({
      deviation: (centred, over, epsilon) => centred.square().mean(over, true).add(epsilon),
    }),
  },
  {
    name: "no β",
    message: /β is missing/,
    solution: groupBy({ last: (xHat, gamma) => xHat.mul(gamma) }),
  },
  {
    name: "γ and β swapped",
    message: /γ and β are swapped/,
    solution: groupBy({ last: (xHat, gamma, beta) => xHat.mul(beta).add(gamma) }),
  },
  {
    name: "γ and β first",
    message: /come after the division/,
    solution: (x, gamma, beta, groups, epsilon) => groupNorm(x.mul(gamma).add(beta), { groups, epsilon }).y,
  },
  {
    name: "left split",
    message: /give them x's shape again/,
    solution: (x, gamma, beta, groups, epsilon) =>
      groupNorm(x, { gamma, beta, groups, epsilon }).y.reshape([
        ...x.shape.slice(0, -1),
        groups,
        gamma.size / groups,
      ]),
  },
  {
    name: "over the batch, without γ",
    message: [/averaged over the batch too/, /γ is missing/],
    solution: groupBy({
      axes: (rank) => [0, ...spaceOf(rank), rank],
      last: (xHat, _gamma, beta) => xHat.add(beta),
    }),
  },
  {
    name: "layer norm, ε outside",
    message: [/averaged over every group together/, /ε stands outside the root/],
    solution: groupBy({
      axes: (rank) => [...spaceOf(rank), rank - 1, rank],
      deviation: (centred, over, epsilon) => centred.square().mean(over, true).sqrt().add(epsilon),
    }),
  },
  {
    name: "each place by itself, β subtracted",
    message: [/all places of the image belong/, /you subtracted β/],
    solution: groupBy({
      axes: (rank) => [rank],
      last: (xHat, gamma, beta) => xHat.mul(gamma).sub(beta),
    }),
  },
];
