/** What a reader asks about a cell while writing it: completion and inspection. */
import { printQuickInfo } from "tslab/dist/inspect";
import { packages } from "../project";
import { cursorPosition, stringPosition } from "./positions";
import { type CellProgram, prefix } from "./program";
import { internals, neverCancelled, ts } from "./typescript";

export interface Completions {
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: Record<string, unknown>;
}

export class Questions {
  /** `last` is the last cell that declared something, whose names and those before it are known. */
  constructor(
    private readonly program: CellProgram,
    private readonly last: () => ts.SourceFile | undefined,
  ) {}

  /** What may stand at the cursor. */
  complete(source: string, cursor: number): Completions {
    const position = stringPosition(source, cursor) + prefix.length;
    const { program, file } = this.program.look(prefix + source, this.last());
    program.getTypeChecker();
    const found = internals.Completions.getCompletionsAtPositionForTslab(
      this.program.completionHost,
      program,
      () => undefined,
      file,
      position,
      {},
      undefined,
      ts.CompletionTriggerKind.Invoked,
      neverCancelled,
    );
    const at = position - prefix.length;
    const { word, rest, isPackage } = wordAt(source.slice(0, at), source.slice(at));
    const start = cursorPosition(source, at - word.length);
    const end = cursorPosition(source, at + rest.length);
    const ofProject = isPackage
      ? packages.map((name) => ({ name, kind: ts.ScriptElementKind.externalModuleName, sortText: "" }))
      : [];
    const all = [...ofProject, ...(found?.entries ?? [])];
    const entries = [...new Map(all.map((entry) => [entry.name, entry])).values()]
      .filter(({ name }) => rankOf(name, word) < 3)
      .sort(
        (a, b) =>
          rankOf(a.name, word) - rankOf(b.name, word) ||
          a.sortText.localeCompare(b.sortText) ||
          a.name.localeCompare(b.name),
      );
    const types = entries.map(({ name, kind }) => ({ start, end, text: name, type: kind }));
    return {
      matches: entries.map(({ name }) => name),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** Type and documentation at the cursor, or of the function whose arguments the cursor is in. */
  inspect(source: string, cursor: number): string | undefined {
    const { program, file } = this.program.look(prefix + source, this.last());
    const checker = program.getTypeChecker();
    let position = stringPosition(source, cursor);
    const at = position;
    while (position > 0 && /[\s(,]/.test(source[position] ?? " ")) position--;
    const info = internals.getQuickInfoAtPosition(file, checker, neverCancelled, position + prefix.length);
    // Of a name that is not known TypeScript says `any`, without saying what it is.
    const known = info?.kind === ts.ScriptElementKind.unknown ? undefined : info;
    const isAfterComma = source.slice(position, at).includes(",");
    const shown =
      (isAfterComma || !known ? signatureAt(program, file, at + prefix.length) : undefined) ?? known;
    return shown && printQuickInfo(shown as Parameters<typeof printQuickInfo>[0]);
  }
}

/** The function whose arguments a position is in, as information about a name. */
function signatureAt(
  program: ts.Program,
  file: ts.SourceFile,
  position: number,
): Pick<ts.QuickInfo, "displayParts" | "documentation" | "tags"> | undefined {
  const { getSignatureHelpItems } = internals.SignatureHelp;
  const help = getSignatureHelpItems(program, file, position, undefined, neverCancelled);
  const item = help?.items[help.selectedItemIndex];
  if (!item) return undefined;
  const parameters = item.parameters.flatMap(({ displayParts }, i) =>
    i > 0 ? [...item.separatorDisplayParts, ...displayParts] : displayParts,
  );
  const displayParts = [...item.prefixDisplayParts, ...parameters, ...item.suffixDisplayParts];
  return { displayParts, documentation: item.documentation, tags: item.tags };
}

/** The word at the cursor: a name, or in the quotes of an import a package's name or the last part of a path. */
function wordAt(before: string, after: string): { word: string; rest: string; isPackage: boolean } {
  const quoted = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"'\n]*)$/.exec(before)?.[1];
  if (quoted === undefined) {
    const word = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(before)![0];
    return { word, rest: /^[\p{ID_Continue}$\u200c\u200d]*/u.exec(after)![0], isPackage: false };
  }
  const isPackage = !/^[./]/.test(quoted);
  const word = isPackage ? quoted : quoted.slice(quoted.lastIndexOf("/") + 1);
  return { word, rest: /^[^"'\n/]*/.exec(after)![0], isPackage };
}

/** 0: starts with the word, 1: but for the case, 2: contains it, 3: no match. */
function rankOf(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  const lower = name.toLowerCase();
  const at = lower.indexOf(word.toLowerCase());
  return at === 0 ? 1 : at > 0 ? 2 : 3;
}
