/** The answer to `kernel_info_request`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { protocolVersion } from "../protocol/message";

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(require.resolve(join(name, "package.json")), "utf8")) as { version: string })
    .version;

const tslabVersion = versionOf("tslab");
const typescriptVersion = versionOf("@tslab/typescript-for-tslab");

export const kernelInfo: Record<string, unknown> = {
  protocol_version: protocolVersion,
  implementation: "tslab",
  implementation_version: tslabVersion,
  language_info: {
    name: "typescript",
    version: typescriptVersion,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    // JupyterLab reads `mode`, the classic Notebook `name` and `typescript`.
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  },
  banner: `TypeScript ${typescriptVersion} (tslab ${tslabVersion}, Node ${process.versions.node}), started by normlab`,
  help_links: [{ text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/" }],
};
