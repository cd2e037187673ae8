/**
 * tslab's TypeScript (5.0.4). Its compiler is used through the public interface, but for the three functions and eight
 * fields below, most of which tslab's own converter relies on as well; tslab pins the version they belong to.
 */
import ts from "@tslab/typescript-for-tslab";

interface Internals {
  getQuickInfoAtPosition(
    file: ts.SourceFile,
    checker: ts.TypeChecker,
    token: ts.CancellationToken,
    position: number,
  ): ts.QuickInfo | undefined;
  SignatureHelp: {
    getSignatureHelpItems(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      reason: undefined,
      token: ts.CancellationToken,
    ): ts.SignatureHelpItems | undefined;
  };
  Completions: {
    getCompletionsAtPositionForTslab(
      host: object,
      program: ts.Program,
      log: () => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerCharacter: undefined,
      kind: ts.CompletionTriggerKind,
      token: ts.CancellationToken,
    ): ts.CompletionInfo | undefined;
  };
}

/** Fields of a source file that the compiler keeps to itself. */
interface SourceFileInternals {
  /** where names that the file does not declare are looked up next: the cell before */
  parent?: ts.SourceFile;
  /** top-level names, once bound */
  locals?: Map<string, ts.Symbol>;
  imports?: readonly ts.StringLiteralLike[];
  moduleAugmentations?: readonly ts.StringLiteralLike[];
  ambientModuleNames?: readonly string[];
  resolvedModules?: ModuleResolutions;
  /** what `// @ts-nocheck` at its top sets */
  checkJsDirective?: { enabled: boolean };
  parseDiagnostics?: readonly ts.Diagnostic[];
}

interface ModuleResolutions {
  get(name: string, mode: undefined): { resolvedModule?: ts.ResolvedModuleFull } | undefined;
}

export const internalsOf = (file: ts.SourceFile): SourceFileInternals =>
  file as unknown as SourceFileInternals;
export const internals: Internals = ts as unknown as Internals;

export const neverCancelled: ts.CancellationToken = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => undefined,
};

export { ts };
