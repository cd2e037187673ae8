import { describe, expect, it } from "vitest";
import { formulaHtml, formulaStyle } from "../../../dist/grade/reports/formulas";
import { markdownHtml } from "../../../dist/grade/reports/markdown";

/** What of a page is a formula is long; here it is a sign. */
const html = (text: string) => markdownHtml(text).replace(/<math[^]*?<\/math>/g, "∑");

describe("Markdown", () => {
  it("is drawn with its lists, tables and code", () => {
    expect(html("- *a*\n- **b**")).toContain("<li><em>a</em></li>\n<li><strong>b</strong></li>");
    expect(html("|a|\n|-|\n|`x`|")).toContain("<td><code>x</code></td>");
    expect(html("```ts\nx < 1\n```")).toContain('<code class="language-ts">x &lt; 1\n</code>');
  });

  it("makes no heading: those tell questions and students apart", () => {
    expect(html("# Ada: full marks\n\nx\n===")).not.toMatch(/<h\d/);
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://127.0.0.1/x.png)",
    "![x](data:image/png;base64,AAAA)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<&#106;avascript:alert(1)>)",
    "[x](data:text/html,<b>)",
    "[x](vbscript:x)",
    "[![x](//x/y)](file:///etc/passwd)",
    "<javascript:alert(1)>",
    '```js" onload="x\n```',
    '[x](<" onclick="alert(1)> "title")',
    "$\\href{javascript:alert(1)}{x}$ $\\includegraphics{http://x/y}$ $\\style{color:url(//x)}{y}$ $\\class{a}{x}$",
    '$\\text{<img src=x onerror="alert(1)">}$',
    "&lt;script&gt; <style>*{}</style> <!-- <meta> -->",
  ])("of %s makes nothing that runs, is loaded or is followed", (text) => {
    const drawn = markdownHtml(text);
    expect(drawn).not.toMatch(/<(script|img|style|iframe|meta|object|form|a)\b/);
    expect(drawn.replace(/<[^>]*>/g, (tag) => tag.replace(/"[^"]*"/g, ""))).not.toMatch(/<[^>]*\son\w+/);
  });

  it("shows where a link leads, to those addresses that one may follow", () => {
    expect(html("[x](https://example.org/a?b&c)")).toContain(
      '<a href="https://example.org/a?b&amp;c" rel="noreferrer noopener">x</a> <span class="quiet">(https://example.org/a?b&amp;c)</span>',
    );
    expect(html("<https://example.org>")).not.toContain("(https");
    expect(html("[x](javascript:alert(1))")).toContain('<span>x</span> <span class="quiet">(javascript:');
  });

  it("says that there is a picture", () => {
    expect(html("![my *drawing*](attachment:a.png)")).toContain(
      "[a picture, not shown: my *drawing* (attachment:a.png)]",
    );
    expect(html(`![](data:image/png;base64,${"A".repeat(9000)})`).length).toBeLessThan(300);
  });

  it("of a length that nobody writes is shown as it was typed, and none takes long", () => {
    expect(markdownHtml("*a* ".repeat(6000))).toMatch(/^<pre class="typed">\*a\* /);
    const started = performance.now();
    for (const part of ["*a ", "[", "![", "$", "$$\n", "$$a\n", "> ", "- ", "`", "<", "[a]("]) {
      markdownHtml(part.repeat(Math.floor(19_999 / part.length)));
    }
    // It takes a second together; what grows with the square of a length takes minutes.
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});

describe("formulas", () => {
  it.each([
    ["a $x_1$ b", "<p>a ∑ b</p>"],
    ["$a_1$ and $b_1$", "<p>∑ and ∑</p>"],
    ["$ x $", "<p>∑</p>"],
    ["over two\nlines: $a\n\\cdot b$", "<p>over two\nlines: ∑</p>"],
    ["$$x$$ here", "<p>∑ here</p>"],
    ["text\n$$\nx\n+ y\n- z\n$$\nmore", "<p>text</p>\n∑<p>more</p>"],
    ["- $$\n  x\n  $$", "<ul>\n<li>\n∑</li>\n</ul>"],
    ["`$x$`", "<p><code>$x$</code></p>"],
    ["costs $5 and not $6", "<p>costs $5 and not $6</p>"],
    ["from $5 to 6$ or", "<p>from ∑ or</p>"],
    ["\\$x$ y", "<p>$x$ y</p>"],
    ["$x\\$$", "<p>∑</p>"],
    ["$$ never closed", "<p>$$ never closed</p>"],
    ["$a\n\nb$", "<p>$a</p>\n<p>b$</p>"],
  ])("stand in %j where a notebook has them", (text, drawn) => {
    expect(html(text).trimEnd()).toBe(`<div class="markdown">${drawn}\n</div>`);
  });

  it("that are broken are shown as they were typed", () => {
    expect(html("so $\\frac{1}{<b>$ is")).toMatch(
      /so <code class="broken"[^>]*>\$\\frac\{1\}\{&lt;b&gt;\$<\/code> is/,
    );
    expect(formulaHtml("\\unknown", true)).toContain(">$$\\unknown$$</code>");
  });

  it("have bounds: in depth, length, expansion and size", () => {
    expect(formulaHtml(`${"{".repeat(990)}x${"}".repeat(990)}`, false)).toBeDefined();
    expect(formulaHtml("x".repeat(2001), false)).toContain("broken");
    expect(formulaHtml("\\def\\a{\\a\\a}\\a", false)).toContain("broken");
    expect(formulaHtml("\\rule{9999em}{9999em}", false)).not.toContain("9999");
  });

  it("do not know what an earlier one defined", () => {
    formulaHtml("\\gdef\\mine{x}", false);
    expect(formulaHtml("\\mine", false)).toContain("broken");
  });

  it("bring their style along, without the font that can't be loaded", () => {
    expect(formulaStyle("<p>x</p>")).toBe("");
    expect(formulaStyle(html("x"))).toBe("");
    expect(formulaStyle(markdownHtml("$x$"))).toMatch(/math\s*\{/);
    expect(formulaStyle(markdownHtml("$x$"))).not.toMatch(/@font-face|woff|https?:\/\/(?!www\.w3\.org)/);
  });
});
