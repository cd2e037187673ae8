/** results.json as Gradescope's documentation ("Autograder Specifications", "Output format") describes it. */
import Ajv from "ajv";

const visibility = { enum: ["visible", "hidden", "after_due_date", "after_published"] };
const format = { enum: ["text", "html", "simple_format", "md", "ansi"] };
const extra = { extra_data: { type: "object" } };

const test = {
  type: "object",
  additionalProperties: false,
  properties: {
    score: { type: "number" },
    max_score: { type: "number" },
    status: { enum: ["passed", "failed"] },
    name: { type: "string" },
    name_format: format,
    number: { type: "string" },
    output: { type: "string" },
    output_format: format,
    tags: { type: "array", items: { type: "string" } },
    visibility,
    ...extra,
  },
};

const tests = (required: string[]) => ({ type: "array", items: { ...test, required } });

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    score: { type: "number" },
    execution_time: { type: "number", minimum: 0 },
    output: { type: "string" },
    output_format: format,
    test_output_format: format,
    test_name_format: format,
    visibility,
    stdout_visibility: visibility,
    tests: tests([]),
    leaderboard: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "value"],
        properties: { name: { type: "string" }, value: {}, order: { enum: ["asc", "desc"] } },
      },
    },
    ...extra,
  },
  // Points stand above or in each of the tests.
  anyOf: [{ required: ["score"] }, { required: ["tests"], properties: { tests: tests(["score"]) } }],
};

const validate = new Ajv({ allErrors: true }).compile(schema);

/** What is wrong with a results.json, nothing where it is as documented. */
export function faultsOf(results: unknown): string[] {
  return validate(results) ? [] : validate.errors!.map(({ dataPath, message }) => `${dataPath} ${message}`);
}
