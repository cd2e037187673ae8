import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "./run";

const { version: normlab } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  version: string;
};

/** What computed a Run. */
export function versions(backend: string): Run["versions"] {
  return { normlab, tfjs: tf.version.tfjs, node: process.versions.node, backend };
}
