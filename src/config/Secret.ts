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

/** What headers such as `authorization=Bearer%20word,x-tenant=acme` must never be printed of: each value, as written and as sent. */
export function secretsOfHeaders(headers: Secret | null): Secret[] {
  const values = (headers?.reveal() ?? "").split(",").map((pair) => pair.slice(pair.indexOf("=") + 1).trim());
  const words = values.flatMap((value) => [value, ...decoded(value).split(" ")]);
  return [...new Set(words)].filter((word) => word.length >= 8).map((word) => new Secret(word));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
