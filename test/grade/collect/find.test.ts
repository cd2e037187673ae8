import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  filesOf,
  findSubmissions,
  folderLimits,
  shownName,
  timestampIn,
} from "../../../dist/grade/collect/find";
import { BadZip, filesOfZip, zipLimits, zipOf } from "../../../dist/grade/zip";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-submissions-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array = "{}"): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
const bytes = (text: string) => Buffer.from(text);

describe("submissions", () => {
  it("are a folder, a notebook or a zip a student", () => {
    put("ada/02-batch-norm.ipynb");
    put("bob.ipynb");
    put("李.zip");
    put("O'Brien, Zoë/02.ipynb");
    put("notes.txt");
    put(".DS_Store");
    expect(findSubmissions(folder)).toEqual([
      { student: "O'Brien, Zoë", paths: ["O'Brien, Zoë"] },
      { student: "ada", paths: ["ada"] },
      { student: "bob", paths: ["bob.ipynb"] },
      { student: "李", paths: ["李.zip"] },
    ]);
  });

  it("are found under Canvas's names, also late ones and several files of one student", () => {
    put("lovelaceada_4711_90210_ps1-submission.zip");
    put("hopper-grace_LATE_4712_90211_02-batch-norm.ipynb");
    put("hopper-grace_LATE_4712_90212_03-backward-1.ipynb");
    expect(findSubmissions(folder)).toEqual([
      {
        student: "hopper-grace",
        lmsId: "4712",
        paths: [
          "hopper-grace_LATE_4712_90211_02-batch-norm.ipynb",
          "hopper-grace_LATE_4712_90212_03-backward-1.ipynb",
        ],
      },
      { student: "lovelaceada", lmsId: "4711", paths: ["lovelaceada_4711_90210_ps1-submission.zip"] },
    ]);
  });

  it("are found under Moodle's names, in folders and without", () => {
    put("Ada Lovelace_815_assignsubmission_file_/ps1-submission.zip");
    put("Zoë O'Brien_816_assignsubmission_file_02-batch-norm.ipynb");
    expect(findSubmissions(folder).map(({ student, lmsId }) => [student, lmsId])).toEqual([
      ["Ada Lovelace", "815"],
      ["Zoë O'Brien", "816"],
    ]);
  });

  it("of two students with one name are two", () => {
    put("lee_1_5_a.ipynb");
    put("lee_2_6_a.ipynb");
    expect(findSubmissions(folder)).toHaveLength(2);
  });

  it("that are no folder are refused", () => {
    expect(() => findSubmissions(join(folder, "none"))).toThrow(
      /none can't be read as a folder of submissions/,
    );
  });
});

describe("the files of a submission", () => {
  it("are its notebooks, in folders and in zips", async () => {
    put("ada/ps1/02.ipynb", "a");
    put("ada/ps1/timestamp.txt", "2027-01-15");
    put("ada/ps1/.ipynb_checkpoints/02-checkpoint.ipynb");
    put("ada/ps1/cat.png");
    put(
      "ada/more.zip",
      await zipOf(
        new Map([
          ["x/03.ipynb", bytes("b")],
          ["x/y.txt", bytes("c")],
          ["x/timestamp.txt", bytes("1999-01-01")],
        ]),
      ),
    );
    const { files, remarks } = await filesOf(folder, findSubmissions(folder)[0]);
    expect(
      Object.fromEntries([...files].map(([path, content]) => [path, Buffer.from(content).toString()])),
    ).toEqual({
      "x/03.ipynb": "b",
      "ada/ps1/02.ipynb": "a",
      "ada/ps1/timestamp.txt": "2027-01-15",
    });
    expect(remarks).toEqual([]);
  });

  it("say when this assignment was handed in, also where nbgrader keeps several", () => {
    const files = new Map([
      ["ada/ps1/timestamp.txt", bytes("2027-01-15\n")],
      ["ada/ps2/timestamp.txt", bytes("2027-02-15\n")],
    ]);
    expect(["ps1", "ps2"].map((name) => timestampIn(files, name))).toEqual(["2027-01-15", "2027-02-15"]);
    expect(timestampIn(new Map([["ada/timestamp.txt", bytes("2027-03-15")]]), "ps1")).toBe("2027-03-15");
    expect(timestampIn(new Map(), "ps1")).toBeUndefined();
  });

  it("are not what a link leads to", async () => {
    put("secret.ipynb");
    mkdirSync(join(folder, "eve"));
    symlinkSync(join(folder, "secret.ipynb"), join(folder, "eve", "02.ipynb"));
    symlinkSync("/etc", join(folder, "eve", "etc"));
    const { files, remarks } = await filesOf(folder, { student: "eve", paths: ["eve"] });
    expect([...files]).toEqual([]);
    expect(remarks).toEqual([
      "eve/02.ipynb is a link, which is not followed",
      "eve/etc is a link, which is not followed",
    ]);
    symlinkSync("/etc", join(folder, "mallory"));
    expect(findSubmissions(folder).map(({ student }) => student)).not.toContain("mallory");
  });

  const read = async () => {
    const { files, remarks } = await filesOf(folder, { student: "eve", paths: ["eve"] });
    return { paths: [...files.keys()], remarks };
  };

  it("are none that would be waited for without end", async () => {
    put("eve/b.ipynb");
    const pipe = spawnSync("mkfifo", [join(folder, "eve", "a.ipynb")]);
    if (pipe.status !== 0) return; // a system without
    expect(await read()).toEqual({ paths: ["eve/b.ipynb"], remarks: ["eve/a.ipynb is no file"] });
  });

  it("are not sought for in folders without end", async () => {
    put("eve/b.ipynb");
    put(`eve/${"d/".repeat(40)}a.ipynb`);
    const { paths, remarks } = await read();
    expect(paths).toEqual(["eve/b.ipynb"]);
    expect(remarks).toEqual([
      expect.stringMatching(/^eve(\/d){20} lies too deep in folders, and is not read$/),
    ]);
  });

  it("are the notebooks, where there are more than can be read", async () => {
    for (let i = 0; i < folderLimits.files; i++) put(`eve/a${i}.txt`);
    put("eve/b.ipynb");
    expect(await read()).toEqual({
      paths: ["eve/b.ipynb"],
      remarks: ["there are more than 1000 files; those behind are not read"],
    });
  });

  it("may be in a folder of a notebook's name, and under names that no page and no terminal should be shown", async () => {
    put("eve/02.ipynb/a.ipynb");
    put("eve/\u001b[2J\n\u202e.zip", "no zip");
    const { paths, remarks } = await read();
    expect(paths).toEqual(["eve/02.ipynb/a.ipynb"]);
    expect(remarks).toEqual([expect.stringMatching(/^eve\/\\u001b\[2J\\u000a\\u202e\.zip: the zip/)]);
    expect(shownName("Zoë O'Brien 李")).toBe("Zoë O'Brien 李");
  });

  it("are not what macOS puts beside them", async () => {
    const zip = await zipOf(
      new Map([
        ["__MACOSX/._my homework.ipynb", bytes("junk")],
        ["my homework.ipynb", bytes("a")],
      ]),
    );
    put("eve/a.zip", zip);
    put("eve/._b.ipynb");
    expect(await read()).toEqual({ paths: ["my homework.ipynb"], remarks: [] });
  });

  it("of a zip have the receipt that `submit` gave for it", async () => {
    const zip = await zipOf(new Map([["a.ipynb", bytes("a")]]));
    put("ada.zip", zip);
    const { receipts } = await filesOf(folder, findSubmissions(folder)[0]);
    expect(receipts).toEqual([createHash("sha256").update(zip).digest("hex")]);
  });

  it("of a zip that is none are told, and the others are read", async () => {
    put("ada/a.zip", "no zip");
    put("ada/b.ipynb", "b");
    const { files, remarks } = await filesOf(folder, findSubmissions(folder)[0]);
    expect([...files.keys()]).toEqual(["ada/b.ipynb"]);
    expect(remarks).toEqual([expect.stringMatching(/^ada\/a\.zip: the zip can't be read: /)]);
  });
});

describe("a zip", () => {
  it("is the same, byte by byte, of the same files, and holds them", async () => {
    const files = new Map([
      ["b/ü.txt", bytes("1")],
      ["a.txt", bytes("2")],
    ]);
    const zip = await zipOf(files);
    expect(await zipOf(new Map([...files].reverse()))).toEqual(zip);
    const read = await filesOfZip(zip);
    expect([...read].map(([path, content]) => [path, Buffer.from(content).toString()])).toEqual([
      ["a.txt", "2"],
      ["b/ü.txt", "1"],
    ]);
  });

  it("that leads out of its folder is refused", async () => {
    // The names have the same length, so the zip stays one.
    const patched = async (name: string) => {
      const zip = await zipOf(new Map([["x".repeat(name.length), bytes("1")]]));
      return Buffer.from(zip.toString("latin1").replaceAll("x".repeat(name.length), name), "latin1");
    };
    for (const name of ["../../evil.ipynb", "/etc/evil.ipynb", "a/../../x.ipynb"]) {
      await expect(filesOfZip(await patched(name))).rejects.toThrow(BadZip);
    }
    // A backslash is a slash to some.
    expect([...(await filesOfZip(await patched("a\\b.ipynb"))).keys()]).toEqual(["a/b.ipynb"]);
  });

  it("gives no links", async () => {
    const zip = await zipOf(new Map([["link", bytes("/etc/passwd")]]));
    const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 38;
    zip.writeUInt32LE(0o120777 * 65536, at);
    expect([...(await filesOfZip(zip))]).toEqual([]);
  });

  it("of nothing is empty, and one that is encrypted is told", async () => {
    expect([...(await filesOfZip(await zipOf(new Map())))]).toEqual([]);
    await expect(filesOfZip(Buffer.alloc(0))).rejects.toThrow(BadZip);
    const zip = await zipOf(new Map([["a.ipynb", bytes("1")]]));
    const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 8;
    zip.writeUInt16LE(zip.readUInt16LE(at) | 1, at);
    await expect(filesOfZip(zip)).rejects.toThrow("the zip is encrypted");
  });

  it("of more files or bytes than it may have is refused before they are unpacked", async () => {
    const many = new Map(
      Array.from({ length: zipLimits.files + 1 }, (_, i) => [`${i}.txt`, bytes("")] as const),
    );
    await expect(filesOfZip(await zipOf(many))).rejects.toThrow("more than 1000 files");
    const zip = await zipOf(new Map([["a.txt", bytes("1")]]));
    const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24;
    zip.writeUInt32LE(2 ** 31, at);
    await expect(filesOfZip(zip)).rejects.toThrow("unpacks to more than 500 MB");
    // What it says of itself must be true.
    zip.writeUInt32LE(0, at);
    await expect(filesOfZip(zip)).rejects.toThrow(BadZip);
  });
});
