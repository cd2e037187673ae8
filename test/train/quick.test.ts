import { afterEach, describe, expect, it, vi } from "vitest";
import { isQuick } from "normlab";

describe("isQuick", () => {
  afterEach(() => vi.unstubAllEnvs());
  it.each([
    [undefined, false],
    ["", false],
    ["0", false],
    ["1", true],
    ["yes", true],
  ])("NORMLAB_QUICK=%s is %s", (value, quick) => {
    vi.stubEnv("NORMLAB_QUICK", value);
    expect(isQuick()).toBe(quick);
  });
});
