/** The program that reads a large submission (read.ts): a line of JSON, then the files' bytes; it answers the work. */
import { readFileSync } from "node:fs";
import type { Files } from "../zip";
import { type Assigned, workIn } from "./work";

const input = readFileSync(0);
const end = input.indexOf("\n");
const { sizes, assigned } = JSON.parse(input.toString("utf8", 0, end)) as {
  sizes: [path: string, length: number][];
  assigned: Assigned;
};
const files: Files = new Map();
let at = end + 1;
for (const [path, length] of sizes) files.set(path, input.subarray(at, (at += length)));
process.stdout.write(JSON.stringify(workIn(files, assigned)));
