import { inspect } from "node:util";

const mask = "[secret]";

/**
 * A credential that cannot slip into a text: printed, serialised or inspected it shows `[secret]`. The value comes out
 * only where a header is built, by `reveal()`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where the credential is used, and keep the result nowhere. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [Symbol.toPrimitive](): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
