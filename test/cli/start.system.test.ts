import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assign } from "../../dist/grade/assignment/assign";
import { noPolicy } from "../../dist/grade/assignment/policy";
import { type Jupyter, root, startJupyter } from "../support/jupyter";
import { shared } from "../support/shared";

/** An assignment of one lesson, as an instructor makes it. */
async function assignOne(out: string): Promise<string> {
  const [path, notebook] = [join(root, "lessons", "01-axes.md"), join(root, "notebooks", "01-axes.ipynb")];
  await assign({ name: "ps1", lessons: [{ path, notebook }], policy: noPolicy, out });
  return join(out, "release", "ps1.zip");
}

describe("npm start -- --no-browser --assignment ps1.zip", () => {
  let jupyter: Jupyter;
  shared(
    async () => {
      const out = mkdtempSync(join(tmpdir(), "normlab-assigned é "));
      try {
        return (jupyter = await startJupyter("start", {}, ["--assignment", await assignOne(out)]));
      } finally {
        rmSync(out, { recursive: true });
      }
    },
    ({ stop }) => stop(),
  );

  it("opens the assignment's notebook", async () => {
    expect(jupyter.page).toBe("/lab/tree/ps1/01-axes.ipynb");
    const listing = await jupyter.json<{ content: { name: string }[] }>("/api/contents/ps1");
    expect(listing.content.map(({ name }) => name).sort()).toEqual([
      "01-axes.ipynb",
      "README.md",
      "assignment.json",
    ]);
  });

  it("offers one kernel, ours, under the name every notebook uses", async () => {
    interface Specs {
      default: string;
      kernelspecs: Record<string, { spec: { argv: string[] } }>;
    }
    const specs = await jupyter.json<Specs>("/api/kernelspecs");
    expect(Object.keys(specs.kernelspecs)).toEqual(["tslab"]);
    expect(specs.default).toBe("tslab");
    expect(specs.kernelspecs.tslab.spec.argv[1]).toMatch(/dist.kernel.main\.js$/);
  });

  it("shows a copy of every notebook of the course", async () => {
    const listing = await jupyter.json<{ content: { name: string }[] }>("/api/contents/");
    const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
    expect(notebooks.length).toBeGreaterThan(0);
    expect(listing.content.map(({ name }) => name).sort()).toEqual([...notebooks, "ps1"].sort());
  });

  it("carries the extension that draws Plotly figures", async () => {
    expect(await jupyter.text("/lab")).toContain("jupyterlab-plotly");
  });

  it("asks nobody for news or updates", async () => {
    interface Settings {
      schema: { properties: { fetchNews: { default: string } } };
    }
    const path = "/lab/api/settings/@jupyterlab/apputils-extension:notification";
    expect((await jupyter.json<Settings>(path)).schema.properties.fetchNews.default).toBe("false");
  });
});
