import { accessSync, constants, type Stats, statSync } from "node:fs";
import { refuse } from "../tensor/validate";

/** Refuses a `folder` that is none or can't be read; `files` are those that it must hold, in words. */
export function checkFolder(argument: string, folder: unknown, files: string): string {
  const wanted = `a folder with ${files}`;
  if (typeof folder !== "string") return refuse(argument, folder, wanted);
  let status: Stats | undefined;
  try {
    status = statSync(folder, { throwIfNoEntry: false });
    if (status?.isDirectory()) accessSync(folder, constants.X_OK);
  } catch (error) {
    refuse(argument, folder, `${wanted}, but it can't be read (${(error as Error).message})`);
  }
  if (!status?.isDirectory())
    refuse(argument, folder, `${wanted}, but ${status ? "a file is there" : "nothing is there"}`);
  return folder;
}
