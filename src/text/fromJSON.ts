import { refuse } from "../tensor/validate";
import { bytePairsFromJSON } from "./bytePairs";
import { listedFromJSON } from "./listed";
import { checkJSON, type Vocabulary } from "./vocabulary";

/**
 * The vocabulary of which this is the JSON: vocabularyFromJSON(JSON.parse(JSON.stringify(vocabulary))) gives the same
 * tokens. Throws a RangeError that names the part where it is none.
 */
export function vocabularyFromJSON(json: unknown): Vocabulary {
  checkJSON(json);
  switch (json.kind) {
    case "characters":
    case "words":
      return listedFromJSON(json);
    case "bytePairs":
      return bytePairsFromJSON(json);
    default:
      return refuse("json.kind", (json as { kind: unknown }).kind, "one of characters, words, bytePairs");
  }
}
