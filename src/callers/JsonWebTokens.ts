import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from "jose";
import { type Dispatcher, request } from "undici";
import type { ProxyConfig } from "../config/Config.js";
import type { AskedOperations, CallerLimits, JwtConfig } from "../config/callers/CallersConfig.js";
import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import { heldScopes, parseCallersAccount } from "../domain/Scope.js";
import { isProxied, openWay } from "../http/proxy.js";
import { beginCall } from "../observability/currentWork.js";
import type { StructuredLogger } from "../observability/Logger.js";
import type { Span } from "../observability/tracing/Span.js";
import { Caller } from "./Caller.js";

/** Signatures of a key pair only: with a shared secret whoever can check a token could make one. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

const keyLimits = {
  /** Keys are asked for again when they are older than this: one that was withdrawn is trusted no longer. */
  lifetimeMs: 10 * 60_000,
  /** Where they cannot be had, the old ones count for so long. */
  staleMs: 60 * 60_000,
  /** A token of an unknown key asks for them again, but not more often than this. */
  leastPauseMs: 5_000,
  timeLimitMs: 5_000,
  bytes: 512 * 1024,
  /** Keys that one token is tried with where it does not tell which: anybody can make such a token. */
  tried: 16,
} as const;

/** The keys cannot be had: nobody knows whether the token is good. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/** Its modules are loaded where somebody comes with such a token: the start of a server that takes none does not wait for them. */
const loadJose = () => import("jose");

interface Sources {
  readonly config: JwtConfig;
  readonly clock: Clock;
  readonly logger: StructuredLogger;
  readonly limits: CallerLimits;
  /** See `CallersOptions`. */
  readonly sharing: ReadonlySet<SiteId>;
  readonly operations: AskedOperations;
  readonly proxy: ProxyConfig | null;
}

/** Tokens that an identity provider signed, checked against the keys that it publishes. */
export class JsonWebTokens {
  readonly #sources: Sources;
  #keys: { readonly find: JWTVerifyGetKey; readonly readAtMs: number } | null = null;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;
  /** The last reading failed. */
  #isFailing = false;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Whether a text has the shape of such a token; a caller's static token has not. */
  static isOne(text: string): boolean {
    return /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text);
  }

  /** Whose token it is; `null` where it does not hold. Rejects with `KeysUnavailable`. */
  async find(token: string): Promise<Caller | null> {
    const { errors } = await loadJose();
    await this.#refreshKeys();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const keys = this.#usableKeys();
      try {
        const payload = await this.#verify(token, keys);
        return payload === null ? null : this.#callerOf(payload);
      } catch (error) {
        // A key that was published since: asked for once, within reason, since anybody can make a token of an unknown key.
        const isUnknownKey = error instanceof errors.JWKSNoMatchingKey;
        if (!isUnknownKey || attempt > 0 || !(await this.#readAgain())) return null;
      }
    }
    return null;
  }

  /** What a token says; `null` where none of several keys that it may mean holds. Rejects where the only one does not. */
  async #verify(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload | null> {
    const { config, clock } = this.#sources;
    const { errors, jwtVerify } = await loadJose();
    const options: JWTVerifyOptions = {
      issuer: config.issuer,
      audience: config.audience,
      algorithms,
      clockTolerance: config.skewMs / 1000,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp"],
    };
    try {
      return (await jwtVerify(token, keys, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      // A token need not name its key, nor an issuer call each key by another name.
      let tried = 0;
      for await (const key of error) {
        const verified = await jwtVerify(token, key, options).catch(() => null);
        if (verified !== null) return verified.payload;
        tried += 1;
        if (tried === keyLimits.tried) break;
      }
      return null;
    }
  }

  #callerOf(payload: JWTPayload): Caller | null {
    const { claims } = this.#sources.config;
    const name = payload[claims.name];
    if (typeof name !== "string" || !/^[\x21-\x7e]{1,200}$/.test(name)) return null;
    // Whose accounts these are would not be known, and nothing kept from the caller's own.
    const accounts = payload[claims.accounts] ?? [];
    if (!isTexts(accounts)) return null;
    return new Caller({
      // No static token has a colon in its name.
      name: `jwt:${name}`,
      scopes: heldScopes(textsIn(payload[claims.scopes])),
      accounts: textsIn(accounts).map(parseCallersAccount),
      limits: this.#sources.limits,
      sharing: this.#sources.sharing,
      operations: this.#sources.operations,
    });
  }

  #usableKeys(): JWTVerifyGetKey {
    const keys = this.#keys;
    if (keys === null || this.#sources.clock.now() - keys.readAtMs > keyLimits.staleMs) {
      throw new KeysUnavailable("The keys of the issuer cannot be had.");
    }
    return keys.find;
  }

  async #refreshKeys(): Promise<void> {
    const ageMs = this.#keys === null ? Number.POSITIVE_INFINITY : this.#sources.clock.now() - this.#keys.readAtMs;
    if (ageMs <= keyLimits.lifetimeMs) return;
    const reading = this.#readAgain();
    // While the issuer fails nobody waits for it, as long as the keys at hand count: one that hangs would hold up everybody.
    if (!this.#isFailing || ageMs > keyLimits.staleMs) await reading;
  }

  /** Whether the keys were read just now. */
  async #readAgain(): Promise<boolean> {
    const now = this.#sources.clock.now();
    if (this.#reading === null) {
      if (now - this.#triedAtMs < keyLimits.leastPauseMs) return false;
      this.#triedAtMs = now;
      this.#reading = this.#read().finally(() => {
        this.#reading = null;
      });
    }
    await this.#reading;
    return (this.#keys?.readAtMs ?? 0) >= now;
  }

  async #read(): Promise<void> {
    const { config, clock, logger, proxy } = this.#sources;
    try {
      const set = await fetchKeys(config.jwksUrl, proxy);
      const { createLocalJWKSet } = await loadJose();
      this.#keys = { find: createLocalJWKSet(set), readAtMs: clock.now() };
      this.#isFailing = false;
    } catch (error) {
      this.#isFailing = true;
      logger.warn({ error }, "the keys of the issuer of callers' tokens could not be read");
    }
  }
}

async function fetchKeys(url: string, proxy: ProxyConfig | null): Promise<JSONWebKeySet> {
  const { span, headers } = beginCall("GET JWT_JWKS_URL", () => ({
    "http.request.method": "GET",
    "server.address": new URL(url).hostname,
  }));
  const { origin } = new URL(url);
  const { timeLimitMs: connectTimeout } = keyLimits;
  // Keys are read so seldom that no connection is kept for them.
  const way =
    proxy !== null && isProxied(origin, proxy) ? openWay(origin, { ca: undefined, connectTimeout }, proxy) : null;
  try {
    const keys = await exchangeKeys(url, { headers, span, way });
    span?.end();
    return keys;
  } catch (error) {
    span?.end(error instanceof Error ? error.name : "Error");
    throw error;
  } finally {
    await way?.destroy();
  }
}

async function exchangeKeys(
  url: string,
  {
    headers: traceHeaders,
    span,
    way,
  }: {
    readonly headers: Readonly<Record<string, string>>;
    readonly span: Span | null;
    readonly way: Dispatcher | null;
  },
): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(keyLimits.timeLimitMs);
  const headers = { ...traceHeaders, accept: "application/json" };
  const { statusCode, body } = await request(url, { signal, headers, ...(way && { dispatcher: way }) });
  span?.tell({ "http.response.status_code": statusCode });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > keyLimits.bytes) throw new Error("The answer is too long to be a set of keys.");
    chunks.push(bytes);
  }
  if (statusCode !== 200) throw new Error(`The set of keys was answered with status ${statusCode}.`);
  const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (!isKeySet(parsed)) throw new Error("The answer is no set of keys.");
  return parsed;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}

function isTexts(claim: unknown): boolean {
  return typeof claim === "string" || (Array.isArray(claim) && claim.every((each) => typeof each === "string"));
}

/** A claim that lists words: an array of them, or one text with blanks between, as `scope` is. */
function textsIn(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(/\s+/).filter((text) => text !== "");
  return Array.isArray(claim) ? claim.filter((each): each is string => typeof each === "string" && each !== "") : [];
}
