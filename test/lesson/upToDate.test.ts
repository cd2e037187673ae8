import { describe, expect, it } from "vitest";
import { lessonFiles, staleNotebook } from "../../dist/cli/lessons/notebooks";

// Text, code, and every picture with its words: each is drawn anew of the figure that is stored beside it.
describe.each(lessonFiles())("the notebook of %s", (name) => {
  it("is what the lesson says and the code draws now", async () => {
    expect(await staleNotebook(name)).toBeUndefined();
  }, 300_000);
});
