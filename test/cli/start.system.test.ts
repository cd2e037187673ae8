import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Jupyter, root, startJupyter } from "../support/jupyter";
import { shared } from "../support/shared";

describe("npm start -- --no-browser", () => {
  let jupyter: Jupyter;
  shared(
    async () => (jupyter = await startJupyter("start")),
    ({ stop }) => stop(),
  );

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
    expect(listing.content.map(({ name }) => name).sort()).toEqual(notebooks.sort());
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
