import * as tf from "@tensorflow/tfjs";
import { layers } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { describeModel, fromPortable, type PortableModel, toPortable } from "../../dist/train/portable";

beforeAll(() => tf.setBackend("cpu"));

const model = (named: { name?: string } = {}, loss: string | (() => tf.Scalar) = "meanSquaredError") => {
  const built = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [3] }),
      tf.layers.dense({ units: 2, ...named }),
      layers.layerNorm(),
    ],
  });
  built.compile({ optimizer: tf.train.momentum(0.25, 0.5), loss });
  return built;
};
type Config = { name: string; layers: { class_name: string; config: { name: string } }[] };
const namesIn = ({ topology }: PortableModel) => {
  const { name, layers } = topology.config as Config;
  return [name, ...layers.map((layer) => layer.config.name)];
};
const portable = (of: tf.LayersModel) => toPortable(of) as PortableModel;

describe("a model as JSON", () => {
  it("has the names that tfjs made up numbered from 1, and the caller's own as they are", () => {
    model();
    expect(namesIn(portable(model()))).toEqual([
      "sequential_1",
      "dense_Dense1",
      "dense_Dense2",
      "normlab_layer_norm_NormlabLayerNorm1",
    ]);
    expect(namesIn(portable(model({ name: "dense7" })))[2]).toBe("dense7");
    expect(namesIn(portable(model({ name: "output_12" })))[2]).toBe("output_12");
  });

  it("is the same for the same cell run twice, and says what the model is", () => {
    expect(portable(model())).toEqual(portable(model()));
    expect(describeModel(model())).toEqual(portable(model()));
    expect(portable(model())).toMatchObject({
      topology: { class_name: "Sequential" },
      optimizer: { className: "Momentum", config: { learningRate: 0.25, momentum: 0.5, useNesterov: false } },
      loss: "meanSquaredError",
    });
  });

  it("names a loss of the caller's own, where it has a name", () => {
    const mine = () => tf.scalar(0);
    expect(describeModel(model({}, mine)).loss).toBe("function mine");
    expect(
      describeModel(
        model(
          {},
          (
            () => () =>
              tf.scalar(0)
          )(),
        ),
      ).loss,
    ).toBe("function");
    expect(toPortable(model({}, mine))).toEqual({ reason: "its loss is a function of this notebook" });
  });

  it("stays at home with a class of the caller's own: an optimizer, a layer inside a layer, an initializer", () => {
    class Own extends tf.SGDOptimizer {
      static override get className() {
        return "Own";
      }
    }
    const trained = model();
    trained.compile({ optimizer: new Own(1), loss: "meanSquaredError" });
    expect(toPortable(trained)).toEqual({ reason: "its class Own is defined in this notebook" });

    const Dense = tf.layers.dense({ units: 1 }).constructor as new (config: object) => tf.layers.Layer;
    class Denser extends Dense {}
    const wrapped = tf.sequential({
      layers: [tf.layers.timeDistributed({ layer: new Denser({ units: 2 }), inputShape: [4, 3] })],
    });
    wrapped.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(toPortable(wrapped)).toEqual({ reason: "its class Denser is defined in this notebook" });
    const nested = tf.sequential({ layers: [wrapped] });
    nested.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(toPortable(nested)).toEqual({ reason: "its class Denser is defined in this notebook" });
  });

  it("is built again, compiled, and left as it was", async () => {
    const json = portable(model());
    const before = structuredClone(json);
    const built = await fromPortable(json);
    expect(json).toEqual(before);
    expect(built.layers.map((layer) => layer.getClassName())).toEqual(
      model().layers.map((l) => l.getClassName()),
    );
    expect(built.optimizer.getConfig()).toEqual(json.optimizer.config);
    expect([built.loss, built.metrics]).toEqual(["meanSquaredError", ["accuracy"]]);
    await expect(fromPortable({ ...json, optimizer: { className: "Own", config: {} } })).rejects.toThrow(
      "Unknown optimizer: Own.",
    );
  });
});
