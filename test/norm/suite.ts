import * as normlab from "normlab";
import { describe, it } from "vitest";
import { claims } from "./claims";

const all = claims(normlab);

/** All claims about one method: its forward, its backward, and what belongs to them. */
export function suite(method: string, ...alsoAbout: string[]): void {
  const subjects = [method, `${method}Grad`, `${method}GradSteps`, ...alsoAbout];
  describe(method, () => {
    for (const { about, name, check } of all) {
      if (subjects.includes(about)) it(about === method ? name : `${about} ${name}`, check);
    }
  });
}
