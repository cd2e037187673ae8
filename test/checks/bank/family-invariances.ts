import { allClose, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.FindBlindness>;

interface Parts {
  sampleFactor?: (n: number) => number;
  sampleConstant?: (n: number) => number;
  channelFactor?: (c: number) => number;
  channelConstant?: (c: number) => number;
  /** What a value of another sample becomes. */
  other?: (value: number, i: number) => number;
  /** What of an output is compared when the company changes. */
  own?: (y: Tensor, one: number) => Tensor;
  same?: (a: Tensor, b: Tensor) => boolean;
  before?: (normalize: (x: Tensor) => Tensor, x: Tensor) => Tensor;
}

const firstOf = (y: Tensor, one: number) => y.map((value, i) => (i < one ? value : 0));
const near = (a: Tensor, b: Tensor) => Math.max(...a.sub(b).abs().data) < 1e-2;

/** Looks for what a function doesn't see, with one part of the search replaced. */
const searchBy =
  ({
    sampleFactor = (n) => 1.5 + n,
    sampleConstant = (n) => 3 - 2 * n,
    channelFactor = (c) => 1.5 + c,
    channelConstant = (c) => 3 - 2 * c,
    other = (value, i) => value ** 2 - (i % 5),
    own = firstOf,
    same = near,
    before = (normalize, x) => normalize(x),
  }: Parts): checks.FindBlindness =>
  (normalize, x) => {
    const channels = x.shape[x.rank - 1];
    const one = x.size / x.shape[0];
    const y = before(normalize, x);
    const stays = (change: (value: number, n: number, c: number) => number) =>
      same(normalize(x.map((value, i) => change(value, Math.floor(i / one), i % channels))), y);
    const company = normalize(x.map((value, i) => (i < one ? value : other(value, i))));
    return {
      sampleScale: stays((value, n) => value * sampleFactor(n)),
      sampleShift: stays((value, n) => value + sampleConstant(n)),
      channelScale: stays((value, _n, c) => value * channelFactor(c)),
      channelShift: stays((value, _n, c) => value + channelConstant(c)),
      company: same(own(company, one), own(y, one)),
    };
  };

export const right: Solution["right"] = [
  searchBy({}),
  searchBy({ same: (a, b) => allClose(a, b, { atol: 1e-2, rtol: 0 }) }),
];

export const wrong: Solution["wrong"] = [
  {
    name: "what it sees",
    message: /you say true where the output changes/,
    solution: (normalize, x) => {
      const found = searchBy({})(normalize, x);
      return Object.fromEntries(
        Object.entries(found).map(([change, stays]) => [change, !stays]),
      ) as unknown as checks.Blindness;
    },
  },
  {
    name: "to the last digit",
    message: /outputs that are equal to the last digit/,
    solution: searchBy({ same: (a, b) => a.data.every((value, i) => value === b.data[i]) }),
  },
  {
    name: "against the input",
    message: /compared the output with the input/,
    solution: searchBy({ before: (_normalize, x) => x }),
  },
  {
    name: "one factor for all samples",
    message: /multiplied all samples by one factor/,
    solution: searchBy({ sampleFactor: () => 10 }),
  },
  {
    name: "one constant for all samples",
    message: /added one constant to all samples/,
    solution: searchBy({ sampleConstant: () => 5 }),
  },
  {
    name: "one factor for all channels",
    message: /multiplied all channels by one factor/,
    solution: searchBy({ channelFactor: () => 10 }),
  },
  {
    name: "one constant for all channels",
    message: /added one constant to all channels/,
    solution: searchBy({ channelConstant: () => 5 }),
  },
  {
    name: "negative factors",
    message: /multiplied by negative factors/,
    solution: searchBy({ sampleFactor: (n) => -1 - n, channelFactor: (c) => -1 - c }),
  },
  {
    name: "all outputs for the company",
    message: /compared what was changed itself/,
    solution: searchBy({ own: (y) => y }),
  },
  {
    name: "company that stays",
    message: /did not change the other samples/,
    solution: searchBy({ other: (value) => value }),
  },
  {
    name: "samples and channels exchanged",
    message: /samples and channels are exchanged/,
    solution: (normalize, x) => {
      const found = searchBy({})(normalize, x);
      return {
        ...found,
        sampleScale: found.channelScale,
        sampleShift: found.channelShift,
        channelScale: found.sampleScale,
        channelShift: found.sampleShift,
      };
    },
  },
  {
    name: "shift and scale exchanged",
    message: /scale and shift are exchanged/,
    solution: (normalize, x) => {
      const found = searchBy({})(normalize, x);
      return {
        ...found,
        sampleScale: found.sampleShift,
        sampleShift: found.sampleScale,
        channelScale: found.channelShift,
        channelShift: found.channelScale,
      };
    },
  },
  {
    name: "one factor for all samples, all outputs for the company",
    message: [/multiplied all samples by one factor/, /compared what was changed itself/],
    solution: searchBy({ sampleFactor: () => 10, own: (y) => y }),
  },
  {
    name: "one constant for all channels, company that stays",
    message: [/added one constant to all channels/, /did not change the other samples/],
    solution: searchBy({ channelConstant: () => 5, other: (value) => value }),
  },
  {
    name: "one factor for samples, one constant for samples",
    message: [/multiplied all samples by one factor/, /added one constant to all samples/],
    solution: searchBy({ sampleFactor: () => 10, sampleConstant: () => 5 }),
  },
];
