import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, scrypt } from "node:crypto";
import type { Secret } from "../config/Secret.js";

/** Format 1: a byte that says so, the nonce, the tag, and what AES made of the plain bytes. */
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;
const cipher = "aes-256-gcm";

/** What all processes of a deployment know, and nobody else: bytes from which the keys of a `Sealer` are made. */
export interface FleetKeys {
  /** Not empty. The first seals, and all open. */
  readonly keys: readonly Buffer[];
  /** What names, whichever keys seal and open, so that who turns those over keeps the names; left out, the last of them. */
  readonly naming?: Buffer;
}

/** Seals what is handed to the engine, and names its keys, so that whoever reads the engine learns neither. Packs nothing together: that is its callers' business. */
export class Sealer {
  readonly #sealing: Buffer;
  readonly #opening: readonly Buffer[];
  readonly #naming: Buffer;
  readonly #tags = new Map<string, string>();

  constructor({ keys, naming = keys.at(-1) }: FleetKeys) {
    this.#opening = keys.map((key) => derive(key, "seal"));
    const [first] = this.#opening;
    if (first === undefined || naming === undefined) throw new Error("A fleet without a key seals nothing.");
    this.#sealing = first;
    this.#naming = derive(naming, "name");
  }

  /** `cag:{tag of the scope}:…`; the parts are hashed as well, each told from the next. */
  key(scope: string, parts: readonly string[]): string {
    const start = `cag:{${this.#tagOf(scope)}}`;
    return parts.length === 0 ? start : `${start}:${this.#hash(JSON.stringify([scope, ...parts]))}`;
  }

  seal(key: string, plain: Buffer): Buffer {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#sealing, nonce, { authTagLength: tagBytes });
    sealing.setAAD(Buffer.from(key, "utf8"));
    const body = sealing.update(plain);
    const rest = sealing.final();
    return Buffer.concat([Buffer.of(format), nonce, sealing.getAuthTag(), body, rest]);
  }

  /** `null` for what was not sealed under this key by one who knows. */
  open(key: string, sealed: Buffer): Buffer | null {
    if (sealed.length < headBytes || sealed[0] !== format) return null;
    for (const each of this.#opening) {
      const plain = openWith(each, key, sealed);
      if (plain !== null) return plain;
    }
    return null;
  }

  #tagOf(scope: string): string {
    const known = this.#tags.get(scope);
    if (known !== undefined) return known;
    const tag = this.#hash(scope);
    // There are a few scopes: the fleet, and some of each site.
    if (this.#tags.size < mostTags) this.#tags.set(scope, tag);
    return tag;
  }

  /** 128 bits: nobody finds two that are alike. */
  #hash(text: string): string {
    return createHmac("sha256", this.#naming).update(text).digest().subarray(0, 16).toString("base64url");
  }
}

const mostTags = 1_000;

function openWith(by: Buffer, key: string, sealed: Buffer): Buffer | null {
  const opening = createDecipheriv(cipher, by, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(Buffer.from(key, "utf8"));
  opening.setAuthTag(sealed.subarray(1 + nonceBytes, headBytes));
  try {
    return Buffer.concat([opening.update(sealed.subarray(headBytes)), opening.final()]);
  } catch {
    return null;
  }
}

function derive(from: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", from, "confluence-access-graph", `fleet ${purpose}`, 32));
}

/** Of the keys that were configured for this, the one that seals first. */
export function keysOfText(keys: readonly Secret[], nameKey: Secret | null = null): FleetKeys {
  const bytesOf = (key: Secret) => Buffer.from(key.reveal(), "utf8");
  return { keys: keys.map(bytesOf), ...(nameKey === null ? {} : { naming: bytesOf(nameKey) }) };
}

/** Of the secrets that are there for something else: people choose some of them, so they are made dear to guess. Off the event loop. */
export function keysOfSecrets(secrets: readonly Secret[]): Promise<FleetKeys> {
  const words = [...new Set(secrets.map((secret) => secret.reveal()))].sort();
  return new Promise((resolve, reject) => {
    scrypt(JSON.stringify(words), "confluence-access-graph fleet", 32, (error, key) => {
      if (error === null) resolve({ keys: [key] });
      else reject(error);
    });
  });
}
