import { describe, expect, it } from "vitest";
import { staleNotebooks } from "../../src/cli/lessons";

describe("notebooks/", () => {
  it("is what lessons/ says now", () => {
    expect(staleNotebooks()).toEqual([]);
  });
});
