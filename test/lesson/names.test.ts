import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";

const topicOf = (file: string): string => file.replace(/^\d+-/, "").replace(/\.md$/, "");

describe.each(lessonFiles().filter((name) => !/^(00-start|9)/.test(name)))("%s", (file) => {
  const text = readFileSync(resolve(__dirname, "../../lessons", file), "utf8");
  const names = [...text.matchAll(/\.named\("([^"]*)"/g)].map(([, name]) => name);

  // Results of all lessons end up in one folder, and a lesson that moves keeps the names of its own.
  it("names its figures and tables after its topic, each once", () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !name.startsWith(`${topicOf(file)}-`))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
