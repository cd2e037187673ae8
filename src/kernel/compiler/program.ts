/**
 * One TypeScript program that is never built anew: the cell in hand, the modules imported so far, and libraries.
 *
 * A trivial cell takes tslab 20–80 ms because each change makes its watch program resolve modules and check types
 * twice. Here the structure of the program stays the same from cell to cell: the cell's imports are declared by a
 * second file, the *context*, that changes only when a module is imported for the first time.
 */
import { existsSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { isOfProject } from "../project";
import { internalsOf, ts } from "./typescript";

const options: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  resolveJsonModule: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  sourceMap: true,
  preserveConstEnums: true,
  types: ["node"],
};

/** Makes every cell a module, whatever it contains. */
export const prefix = "export {};\n";

const isTracked = (path: string): boolean => !/[\\/]node_modules[\\/]/.test(path);

interface CachedFile {
  file: ts.SourceFile;
  /** when it was changed; kept for files that may change while the kernel runs */
  modified?: number;
}

export class CellProgram {
  /** the path that a cell pretends to have, beside the notebook */
  readonly cellPath: string;
  private readonly contextPath: string;
  private readonly files = new Map<string, CachedFile>();
  private readonly modules = new Set<string>();
  private context: ts.SourceFile;
  private cell: ts.SourceFile;
  /** the modules that the cell imports itself */
  private imported: string[] = [];
  private program: ts.Program | undefined;
  private readonly host: ts.CompilerHost;
  private readonly resolutions: ts.ModuleResolutionCache;
  private readonly options: ts.CompilerOptions;

  /** `folder` is the notebook's; what it can't resolve is looked for in `root`, the project. */
  constructor(
    folder: string,
    private readonly root: string,
  ) {
    this.cellPath = join(folder, "__cell__.ts").replace(/\\/g, "/");
    this.contextPath = join(folder, "__imports__.ts").replace(/\\/g, "/");
    this.context = this.parse(this.contextPath, "export {};");
    this.cell = this.parse(this.cellPath, "export {};");
    const typeRoots = [folder, root]
      .map((base) => join(base, "node_modules", "@types"))
      .filter((path) => existsSync(path));
    this.options = { ...options, typeRoots };
    this.resolutions = ts.createModuleResolutionCache(folder, (name) => name, this.options);
    this.host = this.createHost();
  }

  /** The program with `text` as the cell. `outer` is the cell before, where unknown names are looked up. */
  update(text: string, outer: ts.SourceFile | undefined): { program: ts.Program; file: ts.SourceFile } {
    const imported = ts.preProcessFile(text, true, false).importedFiles.map((file) => file.fileName);
    this.imported = imported;
    const unknown = imported.filter((name) => !this.modules.has(name));
    if (imported.length > 0) this.dropChangedFiles();
    if (unknown.length > 0) {
      for (const name of unknown) this.modules.add(name);
      const text = [...this.modules].map((name) => `import ${JSON.stringify(name)};`).join("\n");
      this.context = this.parse(this.contextPath, text);
      this.resolutions.clear();
    }
    const file = this.parse(this.cellPath, text);
    const fields = internalsOf(file);
    // The program takes the cell's imports from the context, so that its structure does not change with the cell.
    fields.imports = fields.moduleAugmentations = [];
    fields.ambientModuleNames = [];
    this.cell = file;
    this.program = ts.createProgram({
      rootNames: [this.contextPath, this.cellPath],
      options: this.options,
      host: this.host,
      oldProgram: this.program,
    });
    fields.resolvedModules = internalsOf(this.context).resolvedModules;
    fields.parent = outer;
    const isFound = (name: string) =>
      isBuiltin(name) || fields.resolvedModules?.get(name, undefined)?.resolvedModule;
    // What could not be found is looked for again the next time: it may have been installed or written by then.
    for (const name of unknown) if (!isFound(name)) this.modules.delete(name);
    return { program: this.program, file };
  }

  /** As {@link CellProgram.update}, for questions: the same text again gets the same program. */
  look(text: string, outer: ts.SourceFile | undefined): { program: ts.Program; file: ts.SourceFile } {
    const isSame = this.program && this.cell.text === text && internalsOf(this.cell).parent === outer;
    return isSame ? { program: this.program!, file: this.cell } : this.update(text, outer);
  }

  /** The names that a package exports. */
  exportsOf(name: string): string[] {
    const { program, file } = this.update(`import ${JSON.stringify(name)};`, undefined);
    const module = internalsOf(file).resolvedModules?.get(name, undefined)?.resolvedModule;
    const source = module && program.getSourceFile(module.resolvedFileName);
    const checker = program.getTypeChecker();
    const symbol = source && checker.getSymbolAtLocation(source);
    return symbol ? checker.getExportsOfModule(symbol).map((each) => each.name) : [];
  }

  /** What completion asks for files and packages. */
  get completionHost(): object {
    return {
      ...this.host,
      readDirectory: ts.sys.readDirectory,
      getCompilationSettings: () => this.options,
    };
  }

  /**
   * The TypeScript files beside the notebook (not declarations, not packages) that the cell imports, by itself or
   * through others: the compiler has to check and translate them. Those that only other cells import are none of
   * its business, broken as they may be.
   */
  sourcesOfCell(): ts.SourceFile[] {
    const found = new Set<ts.SourceFile>();
    const follow = (names: readonly string[], from: ts.SourceFile): void => {
      for (const name of names) {
        const module = internalsOf(from).resolvedModules?.get(name, undefined)?.resolvedModule;
        const file = module && this.program?.getSourceFile(module.resolvedFileName);
        if (!file || found.has(file) || !isTracked(file.fileName)) continue;
        found.add(file);
        const further = internalsOf(file).imports ?? [];
        follow(
          further.map(({ text }) => text),
          file,
        );
      }
    };
    follow(this.imported, this.cell);
    return [...found].filter((file) => !file.isDeclarationFile && file.fileName.endsWith(".ts"));
  }

  private parse(path: string, text: string): ts.SourceFile {
    return ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ES2022 }, false);
  }

  private read(path: string): ts.SourceFile | undefined {
    const cached = this.files.get(path);
    if (cached) return cached.file;
    const text = ts.sys.readFile(path);
    if (text === undefined) return undefined;
    const file = this.parse(path, text);
    this.files.set(path, { file, modified: isTracked(path) ? modifiedAt(path) : undefined });
    return file;
  }

  /** Forgets files of the project that were edited or built since they were read. */
  private dropChangedFiles(): void {
    for (const [path, { modified }] of this.files) {
      if (modified !== undefined && modifiedAt(path) !== modified) this.files.delete(path);
    }
  }

  private createHost(): ts.CompilerHost {
    const library = dirname(require.resolve("@tslab/typescript-for-tslab"));
    const isOurs = (path: string) => path === this.cellPath || path === this.contextPath;
    const inProject = join(this.root, "__cell__.ts");
    const host: ts.CompilerHost = {
      getSourceFile: (path) =>
        path === this.cellPath ? this.cell : path === this.contextPath ? this.context : this.read(path),
      getDefaultLibFileName: () => join(library, "lib.d.ts"),
      getDefaultLibLocation: () => library,
      getCurrentDirectory: () => dirname(this.cellPath),
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      fileExists: (path) => isOurs(path) || ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      realpath: (path) => ts.sys.realpath?.(path) ?? path,
      writeFile: () => undefined,
      resolveModuleNames: (names, containing) =>
        names.map((name) => {
          const from = (path: string) =>
            ts.resolveModuleName(name, path, this.options, host, this.resolutions).resolvedModule;
          if (!isOurs(containing) || name.startsWith(".")) return from(containing);
          return isOfProject(name) ? from(inProject) : (from(containing) ?? from(inProject));
        }),
    };
    return host;
  }
}

const modifiedAt = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
