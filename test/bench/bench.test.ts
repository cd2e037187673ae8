import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { median, show, table } from "../../bench/statistics.mjs";

const script = resolve(__dirname, "../../bench/main.mjs");
const bench = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("bench", () => {
  it("median, three digits, aligned tables", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect([undefined, 0.12345, 12.345, 1234.5].map(show)).toEqual(["–", "0.123", "12.3", "1235"]);
    expect(table(["", "ms"], [["a", "1"]])).toBe("|   | ms |\n| - | -: |\n| a |  1 |");
  });

  it("measures normlab without Python, and says what it left out", () => {
    const results = mkdtempSync(join(tmpdir(), "normlab-bench-"));
    const { status, stdout, stderr } = bench(
      ...[
        "normalization",
        "--no-python",
        "--quick",
        "--rounds",
        "1",
        "--images",
        "1000",
        "--results",
        results,
      ],
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("### Normalization forward + backward, median milliseconds");
    expect(stdout).toContain("- PyTorch and Keras: --no-python");
    expect(readdirSync(results).sort().slice(-2)).toEqual(["latest.json", "latest.md"]);
    const report = JSON.parse(readFileSync(join(results, "latest.json"), "utf8")) as {
      machine: { cores: number };
      normalization: { medians: { label: string; milliseconds: Record<string, number> }[] };
    };
    expect(report.machine.cores).toBeGreaterThan(0);
    const [ours] = report.normalization.medians;
    expect(ours.label).toBe("normlab, 1 thread");
    for (const milliseconds of Object.values(ours.milliseconds)) expect(milliseconds).toBeGreaterThan(0);
    expect(Object.keys(ours.milliseconds)).toHaveLength(4);
    rmSync(results, { recursive: true });
  });

  it("refuses what it does not know", () => {
    expect(bench("speed").stderr).toContain('there is no benchmark "speed"');
    expect(bench("--epochs", "0").stderr).toContain('--epochs is "0"');
    expect(bench("--epochs", "0").status).toBe(2);
  });
});
