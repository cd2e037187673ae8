import {
  deepNetwork,
  lossPlane,
  type Network,
  type NetworkOptions,
  normOf,
  type ProbeBatch,
  randomDirection,
  randomNormal,
  runBatch,
  type Tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

const batch: ProbeBatch = { inputs: randomNormal([8, 6], { seed: 3 }), labels: [0, 2, 1, 1, 0, 2, 2, 1] };
const small: NetworkOptions = { inputs: 6, width: 4, depth: 2, classes: 3, activation: "relu", seed: 4 };

const columnNorms = (w: Tensor): Tensor => w.square().sum([0]).sqrt();
const close = (a: Tensor, b: Tensor) => normOf(a.sub(b)) <= 1e-12 * normOf(b);

/** The weights of hidden layer l times factors[l]; without biases ReLU's function changes by a factor alone. */
const scaled = (network: Network, factors: readonly number[]): Network => ({
  ...network,
  layers: network.layers.map((layer, l) => ({ ...layer, weights: layer.weights.mul(factors[l]) })),
});

describe("randomDirection", () => {
  const network = scaled(deepNetwork(small), [3, 0.2, 1]);

  it("gives each unit's weights their own length, or each layer's, or none", () => {
    const [byFilter, byLayer, plain] = (["filter", "layer", "none"] as const).map((normalize) =>
      randomDirection(network, { seed: 7, normalize }),
    );
    network.layers.forEach(({ weights }, l) => {
      expect(close(columnNorms(byFilter[l]), columnNorms(weights))).toBe(true);
      expect(close(columnNorms(byLayer[l]), columnNorms(weights))).toBe(false);
      expect(normOf(byLayer[l])).toBeCloseTo(normOf(weights), 12);
      expect(normOf(plain[l]) / Math.sqrt(weights.size)).toBeGreaterThan(0.5);
    });
  });

  it("keeps the drawn direction of each unit, and is drawn by the seed", () => {
    const [first] = randomDirection(network, { seed: 7 });
    const [drawn] = randomDirection(network, { seed: 7, normalize: "none" });
    const cosines = first
      .mul(drawn)
      .sum([0])
      .div(columnNorms(first).mul(columnNorms(drawn)));
    for (const cosine of cosines.data) expect(cosine).toBeCloseTo(1, 12);
    expect(randomDirection(network)).toEqual(randomDirection(network, { seed: 0, normalize: "filter" }));
    expect(close(randomDirection(network, { seed: 8 })[0], first)).toBe(false);
  });

  it("gives a unit without weights no direction of length", () => {
    const dead = scaled(network, [0, 1, 1]);
    expect(normOf(randomDirection(dead)[0])).toBe(0);
  });
});

describe("lossPlane", () => {
  const network = deepNetwork(small);
  const directions = [randomDirection(network, { seed: 1 }), randomDirection(network, { seed: 2 })] as const;

  it("has the loss of the batch in its middle, x along the rows, y down them", () => {
    const plane = lossPlane(network, batch, directions, [-0.5, 0, 1], [0, 0.25]);
    expect(plane.map((row) => row.length)).toEqual([3, 3]);
    expect(plane[0][1]).toBe(runBatch(network, batch).loss);
    const layers = network.layers.map((layer, l) => ({
      ...layer,
      weights: layer.weights.add(directions[0][l].mul(-0.5)).add(directions[1][l].mul(0.25)),
    }));
    expect(plane[1][0]).toBeCloseTo(runBatch({ ...network, layers }, batch).loss, 12);
  });

  it("is a line with one direction", () => {
    const [row, ...more] = lossPlane(network, batch, [directions[0]], [0, 1]);
    expect(more).toEqual([]);
    expect(row).toEqual(lossPlane(network, batch, directions, [0, 1], [0])[0]);
    expect(() => lossPlane(network, batch, [directions[0]], [0], [0, 1])).toThrow("no second direction");
  });

  it("is the same for the same function with other weights, if the directions are filter-normalized", () => {
    const at = (of: Network, normalize: "filter" | "none") => {
      const [a, b] = [1, 2].map((seed) => randomDirection(of, { seed, normalize }));
      return lossPlane(of, batch, [a, b], [-1, 0.5], [0, 1]).flat();
    };
    const twin = scaled(network, [4, 1 / 4, 1]);
    const [same, other] = (["filter", "none"] as const).map((normalize) =>
      at(network, normalize).map((loss, i) => Math.abs(loss - at(twin, normalize)[i])),
    );
    expect(Math.max(...same)).toBeLessThan(1e-12);
    expect(Math.max(...other)).toBeGreaterThan(0.01);
  });

  it("refuses directions of another network", () => {
    const other = randomDirection(deepNetwork({ ...small, width: 5 }));
    expect(() => lossPlane(network, batch, [other], [0])).toThrow("directions[0][0]");
    expect(() => lossPlane(network, batch, [other.slice(1)], [0])).toThrow("one a layer");
  });
});
