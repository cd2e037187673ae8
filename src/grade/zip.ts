/** Zip files: written the same, byte by byte, of the same contents; read as what strangers made. */
import { constants } from "node:fs";
import { buffer } from "node:stream/consumers";
import yauzl from "yauzl";
import yazl from "yazl";
import { CourseworkError } from "./errors";

/** Contents by path, with slashes. */
export type Files = Map<string, Uint8Array>;

/** What a zip of a student may be. */
export const zipLimits = { files: 1000, bytes: 500e6 } as const;

/** A zip that is none, or not one to be unpacked; the message is for the person who handed it in. */
export class BadZip extends CourseworkError {}

/** A moment before which zips have no times. */
const mtime = new Date(Date.UTC(1980, 0, 1));

/** @param programs paths of files that may be run */
export async function zipOf(files: Files, programs: readonly string[] = []): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const paths = [...files.keys()].sort();
  for (const path of paths) {
    const mode = programs.includes(path) ? 0o100755 : 0o100644;
    zip.addBuffer(Buffer.from(files.get(path)!), path, { mtime, mode, forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream);
}

const isLink = ({ externalFileAttributes }: yauzl.Entry): boolean =>
  ((externalFileAttributes >>> 16) & constants.S_IFMT) === constants.S_IFLNK;

/**
 * The files of a zip; folders and links are left out.
 *
 * @param wanted which paths are read at all
 * @throws BadZip also for paths that lead out of the folder, and for more than it may hold
 */
export async function filesOfZip(
  zip: Buffer,
  wanted: (path: string) => boolean = () => true,
): Promise<Files> {
  try {
    return await readEntries(zip, wanted);
  } catch (error) {
    throw error instanceof BadZip ? error : new BadZip(`the zip can't be read: ${(error as Error).message}`);
  }
}

async function readEntries(zip: Buffer, wanted: (path: string) => boolean): Promise<Files> {
  const archive = await yauzl.fromBufferPromise(zip);
  const files: Files = new Map();
  let [count, bytes] = [0, 0];
  for await (const entry of archive.eachEntry()) {
    const path = entry.fileName;
    if (++count > zipLimits.files) throw new BadZip(`the zip has more than ${zipLimits.files} files`);
    if (path.endsWith("/") || isLink(entry) || !wanted(path)) continue;
    if (entry.isEncrypted()) throw new BadZip("the zip is encrypted");
    bytes += entry.uncompressedSize;
    if (bytes > zipLimits.bytes) throw new BadZip(`the zip unpacks to more than ${zipLimits.bytes / 1e6} MB`);
    files.set(path, await buffer(await archive.openReadStreamPromise(entry)));
  }
  return files;
}
