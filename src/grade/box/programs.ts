import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program of the PATH; undefined when there is none of that name. */
export function programNamed(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ""] : [""];
  const places = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => endings.map((end) => join(folder, name + end)));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
