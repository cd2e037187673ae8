/** Markdown that a stranger wrote, as HTML that runs nothing, loads nothing, and stays within its place on the page. */
import MarkdownIt from "markdown-it";
import { formulas } from "./formulas";
import { escapeHtml } from "./html";

/** Nobody writes a longer answer by hand; a longer one is shown as it was typed. */
const longest = 20_000;

/** Addresses that a person may follow. What else looks like a link is a text. */
const isAddress = (url: string): boolean => /^(https?:\/\/|mailto:)/i.test(url);

// Tags are shown, not obeyed.
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).use(formulas);
markdown.validateLink = () => true; // so that pictures and links come to the rules below, which say what they are
const { rules } = markdown.renderer;

/** Addresses of data are long. */
const shown = (url: string): string => escapeHtml(url.length > 100 ? `${url.slice(0, 100)}…` : url);

// A picture would tell a server who reads, and when.
rules.image = (tokens, i) => {
  const { content } = tokens[i];
  return `<span class="quiet">[a picture, not shown: ${escapeHtml(content)} (${shown(String(tokens[i].attrGet("src")))})]</span>`;
};
// Whoever follows a link sees before where it leads.
rules.link_open = (tokens, i) => {
  const url = String(tokens[i].attrGet("href"));
  return isAddress(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer noopener">` : "<span>";
};
rules.link_close = (tokens, i) => {
  let open = i;
  for (let depth = 0; ; open--) {
    if (tokens[open].type === "link_close") depth++;
    if (tokens[open].type === "link_open" && --depth === 0) break;
  }
  const url = String(tokens[open].attrGet("href"));
  const isSame = tokens[open + 1]?.content === url;
  const address = isSame ? "" : ` <span class="quiet">(${shown(url)})</span>`;
  return `${isAddress(url) ? "</a>" : "</span>"}${address}`;
};
// The page's own headings tell questions and students apart; no answer may look like one.
rules.heading_open = () => "<p><strong>";
rules.heading_close = () => "</strong></p>\n";

/** The text as a person typed it. */
export const typedHtml = (text: string): string => `<pre class="typed">${escapeHtml(text)}</pre>`;

export function markdownHtml(text: string): string {
  return text.length > longest ? typedHtml(text) : `<div class="markdown">${markdown.render(text)}</div>`;
}
