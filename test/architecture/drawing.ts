/** The rules as docs/architecture.md shows them: a drawing of floors, and a table. */
import type { Folder } from "./folders";

/** The folders by floors: on the lowest those that import no other, each above all that it imports. */
export function floorsOf(folders: readonly Folder[]): Folder[][] {
  const floorOf = new Map<string, number>();
  for (const { name, imports } of folders) {
    const below = imports.includes("*")
      ? [...floorOf.values()]
      : imports.map((other) => floorOf.get(other) ?? -1);
    floorOf.set(name, 1 + Math.max(-1, ...below));
  }
  const floors: Folder[][] = Array.from({ length: 1 + Math.max(...floorOf.values()) }, () => []);
  for (const folder of folders) floors[floorOf.get(folder.name)!].push(folder);
  return floors;
}

const importsOfOurs = (folder: Folder, folders: readonly Folder[]): string[] =>
  folder.imports.filter((name) => folders.some((other) => other.name === name));

/** A floor a paragraph, from the top down; each line a folder and the folders that it imports. */
function drawing(folders: readonly Folder[]): string {
  const width = Math.max(...folders.map(({ name }) => name.length));
  const line = (folder: Folder) => {
    const imports = folder.imports.includes("*") ? ["everything below"] : importsOfOurs(folder, folders);
    const arrow = imports.length ? ` ──▶ ${imports.join(", ")}` : "";
    return `│ ${folder.name.padEnd(width)}${arrow}`.trimEnd();
  };
  const floors = [...floorsOf(folders)].reverse();
  return floors
    .map((floor, i) => [`┌─ floor ${floors.length - 1 - i}`, ...floor.map(line)].join("\n"))
    .join("\n");
}

function table(folders: readonly Folder[]): string {
  const rows = folders.map((folder) => {
    const imports = folder.imports.includes("*") ? "anything" : folder.imports.join(", ") || "nothing";
    const node = folder.nodeFiles?.map((file) => `\`${file.slice(folder.name.length + 1)}\``).join(", ");
    const web = folder.web ? (node ? `yes, without ${node}` : "yes") : "";
    return `| \`${folder.name}/\` | ${folder.what} | ${imports} | ${web} |`;
  });
  return ["| folder | what lives there | may import | web page |", "|---|---|---|---|", ...rows].join("\n");
}

/** A page whose two marked places show the drawing and the table. */
export function withDrawing(page: string, folders: readonly Folder[]): string {
  const place = (text: string, name: string, content: string) => {
    const [start, end] = [`<!-- ${name}: written by test/architecture -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from)
      throw new Error(`docs/architecture.md has no place between ${start} and ${end}.`);
    return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
  };
  const drawn = place(page, "drawing", `\`\`\`\n${drawing(folders)}\n\`\`\``);
  return place(drawn, "table", table(folders));
}
