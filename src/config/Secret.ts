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

/** What an address such as `postgres://user:password@host/name` must never be printed of: all of it, and the password as it is. */
export function secretsOfAddress(address: Secret): Secret[] {
  const { password, searchParams } = new URL(address.reveal());
  const parts = [password, decodeURIComponent(password), searchParams.get("password") ?? ""];
  return [address, ...new Set(parts.filter((part) => part !== ""))].map((part) =>
    part instanceof Secret ? part : new Secret(part),
  );
}
