/** Pages that are one file each, open anywhere, and run nothing, whatever a student wrote into them. */

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]);

/** A sentence of a check, in which code stands between backticks. */
export const sentenceHtml = (text: string): string =>
  text
    .split(/`([^`\n]+)`/)
    .map((part, i) => (i % 2 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join("");

/** Nothing is loaded and nothing runs; the page's own style is all that is allowed. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0.2rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
ul { padding-left: 1.2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.92em; }
pre, blockquote, .answer { background: #8881; padding: 0.6rem 0.8rem; margin: 0.5rem 0; overflow-x: auto; }
pre { white-space: pre-wrap; }
.quiet { color: #767676; color: light-dark(#5c5c5c, #a8a8a8); }
.score { font-size: 1.3rem; font-weight: 600; }
a { color: #36c; color: light-dark(#2456a6, #8ab4f8); }
table { font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.markdown, pre, .broken { overflow-wrap: anywhere; }
.markdown { overflow: auto hidden; }
.markdown > :first-child { margin-top: 0; }
.markdown > :last-child { margin-bottom: 0; }
.markdown table { width: auto; }
.broken { background: #c801; border-bottom: 1px dotted #c80; }
@media print { body { margin: 0; max-width: none; } section { break-inside: avoid; } }
`;

/** @param more a style that this kind of page needs beside */
export function pageHtml(title: string, body: string, more = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}${more}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
