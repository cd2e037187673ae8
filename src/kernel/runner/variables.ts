/** The top-level names of all cells: `$cells.x` in the code of later cells. */
import type { MimeBundle, ShowOptions } from "../../display";

export interface DisplayRequest extends ShowOptions {
  bundle: MimeBundle;
}

type Accessors = [get: () => unknown, set?: (value: unknown) => void];

/**
 * Each name is an accessor into the scope of the cell that declared it, so that a function of that cell and code
 * of later cells see the same variable, whoever assigns to it.
 */
export class Variables {
  /** what cells get as `$cells` */
  readonly values: Record<string, unknown> = {};
  /** what cells get as `exports`: imports, and declarations marked `export` */
  readonly exports: object;
  private readonly before = new Map<string, PropertyDescriptor | undefined>();

  constructor() {
    const define = (name: string | symbol, descriptor: PropertyDescriptor): boolean => {
      if (name === "__esModule") return true;
      return Reflect.defineProperty(this.values, name, {
        ...descriptor,
        configurable: true,
        enumerable: true,
      });
    };
    this.exports = new Proxy(
      {},
      {
        defineProperty: (_, name, descriptor) => define(name, descriptor),
        set: (_, name, value) => define(name, { value: value as unknown, writable: true }),
        get: (_, name) => this.values[name as string],
      },
    );
  }

  declare(name: string, ...[get, set]: Accessors): void {
    this.before.set(name, Object.getOwnPropertyDescriptor(this.values, name));
    Object.defineProperty(this.values, name, { get, set, configurable: true, enumerable: true });
  }

  /** Whether a name that was declared has a value; if not, it is again what it was before. */
  settle(name: string): boolean {
    const before = this.before.get(name);
    this.before.delete(name);
    try {
      void this.values[name];
      return true;
    } catch (error) {
      // Only a `const`, `let` or `class` that the cell did not reach can't be read.
      if (!(error instanceof ReferenceError)) throw error;
      if (before) Object.defineProperty(this.values, name, before);
      else delete this.values[name];
      return false;
    }
  }
}
