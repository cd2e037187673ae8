/** A small lesson with one of everything. */
export const head = `---
title: "An example"
minutes: 5
objectives:
  - see every part of a lesson
prerequisites:
  - nothing
---
`;

export const example = `${head}
Some text with $x^2$.

\`\`\`ts
import { tensor } from "normlab";
const x = tensor([[3, 1, 2], [4, 5, 6]]);
\`\`\`

## A section

\`\`\`python
print("not a cell")
\`\`\`

:::hint
Use *map*.

\`\`\`typescript
const shown = ":::";
\`\`\`
:::

\`\`\`ts exercise id=double points=3 difficulty=2 minutes=4
function double(values: number[]): number[] {
  // BEGIN SOLUTION
  const result = values.map((v) => 2 * v);
  return result;
  // END SOLUTION
}
\`\`\`

\`\`\`ts check id=double
console.log(double([1]));
\`\`\`

\`\`\`ts hidden id=double
console.log(double([1, 2]));
\`\`\`

:::question id=why points=1
Why?
<!-- BEGIN SOLUTION -->
Because.
<!-- END SOLUTION -->
:::

### The end

\`\`\`ts
console.log(x.shape, 7);
\`\`\`
`;
