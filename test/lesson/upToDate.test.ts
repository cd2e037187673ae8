import { describe, expect, it } from "vitest";
import { staleNotebooks } from "../../dist/cli/lessons/notebooks";

describe("notebooks/", () => {
  it("is what lessons/ says now", () => {
    expect(staleNotebooks()).toEqual([]);
  });
});
