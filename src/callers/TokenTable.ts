import { createHash, timingSafeEqual } from "node:crypto";
import type { Caller } from "./Caller.js";

/** SHA-256 of a token. Tokens are long and random, so that a digest cannot be guessed back; a password would be another matter. */
export function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

interface KnownToken {
  readonly digest: Buffer;
  readonly caller: Caller;
}

/** Who presents which token. Knows digests only. */
export class TokenTable {
  readonly #tokens: readonly KnownToken[];

  constructor(tokens: readonly { readonly digest: Buffer | string; readonly caller: Caller }[]) {
    this.#tokens = tokens.map(({ digest, caller }) => ({
      digest: typeof digest === "string" ? Buffer.from(digest, "hex") : digest,
      caller,
    }));
  }

  get size(): number {
    return this.#tokens.length;
  }

  /** Compares with every token, so that the time taken says neither whose it nearly is nor where in the table it stands. */
  find(token: string): Caller | null {
    const presented = digestOf(token);
    let found: Caller | null = null;
    for (const { digest, caller } of this.#tokens) if (timingSafeEqual(digest, presented)) found = caller;
    return found;
  }
}
