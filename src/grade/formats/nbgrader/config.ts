/** nbgrader_config.py: what nbgrader must know of notebooks in TypeScript, and where their kernel is. */
import { join } from "node:path";
import { root } from "../../../kernel/project";
import { unanswered } from "../../../lesson/passes/questions";
import { nbgraderStub } from "./notebook";

export const configFile = "nbgrader_config.py";

/** A text as Python writes it, whatever stands in it. */
const python = (text: string): string => JSON.stringify(text);

export function nbgraderConfig(): string {
  const kernels = join(root, ".venv", "share", "jupyter");
  return `# Written by \`npx normlab assign --format nbgrader\` once, and yours since: it is not written again.
import os

c = get_config()

c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

# What nbgrader puts in the place of solutions. The checks know the first word of the error.
c.ClearSolutions.code_stub = {"typescript": ${python(nbgraderStub)}}
c.ClearSolutions.text_stub = ${python(unanswered)}

# For each cell, in seconds. The first graded cell of a notebook judges all its exercises.
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.startup_timeout = 120
c.ExecutePreprocessor.iopub_timeout = 60

# The kernel \`tslab\` of the normlab that wrote this file; where you moved it, run its set-up and name the new place.
os.environ["JUPYTER_PATH"] = os.pathsep.join(
    filter(None, [${python(kernels)}, os.environ.get("JUPYTER_PATH")])
)
`;
}
