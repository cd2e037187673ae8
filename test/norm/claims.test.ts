/** All claims, by the function that they are about. */
import * as normlab from "normlab";
import { describe, it } from "vitest";
import { claims } from "./claims";

const all = claims(normlab);

describe.each([...new Set(all.map(({ about }) => about))].sort())("%s", (function_) => {
  for (const { about, name, check } of all) {
    if (about === function_) it(name, check);
  }
});
