import { z } from "zod";
import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import { oauthLimits } from "./limits.js";
import type { AuthorizationSource, Transport } from "./Transport.js";
import { workForAll } from "./Waiting.js";

interface ClientCredentialsOptions {
  readonly clientId: string;
  /** Asked for each time a token is needed, and kept nowhere. */
  readonly clientSecret: () => string;
  /** To the authorization server; its errors are told as they come. */
  readonly transport: Transport;
  readonly clock: Clock;
}

interface Token {
  readonly header: string;
  readonly expiresAtMs: number;
}

const call = "POST /oauth/token";
const tokenShape = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * OAuth 2.0 client credentials: one access token shared by all callers, renewed ahead of its expiry behind their backs,
 * and once after the upstream rejected it. A refusal of the authorization server is remembered for a while, so that a
 * wrong secret costs one call and not one a query.
 */
export class ClientCredentials implements AuthorizationSource {
  readonly #options: ClientCredentialsOptions;
  #token: Token | null = null;
  #pending: Promise<Token> | null = null;
  #refusal: { readonly error: SiteError; readonly untilMs: number } | null = null;
  #rejections: number[] = [];

  constructor(options: ClientCredentialsOptions) {
    this.#options = options;
  }

  header(): Promise<string> | string {
    const now = this.#options.clock.now();
    const token = this.#token;
    if (token === null || token.expiresAtMs <= now) return this.#obtain().then(({ header }) => header);
    if (token.expiresAtMs - now <= oauthLimits.renewAheadMs) {
      // Still good for this call; whoever comes after the renewal has the next one. A failure is told when it has run out.
      this.#obtain().catch(() => undefined);
    }
    return token.header;
  }

  async renew(rejected: string | undefined): Promise<boolean> {
    if (this.#token !== null && this.#token.header !== rejected) return true;
    // Callers that were rejected together wait for one renewal.
    if (this.#pending === null && !this.#mayRenewAgain()) return false;
    // Whoever comes next must not send it again.
    this.#token = null;
    await this.#obtain();
    return true;
  }

  /** Tokens that are rejected as fast as they are made are no use: the credential itself is not accepted there. */
  #mayRenewAgain(): boolean {
    const now = this.#options.clock.now();
    this.#rejections = this.#rejections.filter((atMs) => now - atMs < oauthLimits.rejectionWindowMs);
    if (this.#rejections.length >= oauthLimits.renewalsAWindow) return false;
    this.#rejections.push(now);
    return true;
  }

  #obtain(): Promise<Token> {
    const { clock } = this.#options;
    if (this.#refusal !== null && clock.now() < this.#refusal.untilMs) return Promise.reject(this.#refusal.error);
    this.#pending ??= workForAll(() => this.#fetchToken()).finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #fetchToken(): Promise<Token> {
    const { transport, clock, clientId, clientSecret } = this.#options;
    const askedAtMs = clock.now();
    try {
      const answer = await transport.send({
        method: "POST",
        call,
        path: "/oauth/token",
        body: { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret() },
        // Another token harms nobody.
        isReplaySafe: true,
      });
      const shape = tokenShape.safeParse(answer.body);
      if (!shape.success) {
        throw new SiteError("ContractDrift", `${call} answered without an access token and its lifetime.`, { call });
      }
      this.#refusal = null;
      this.#token = {
        header: `Bearer ${shape.data.access_token}`,
        expiresAtMs: askedAtMs + shape.data.expires_in * 1_000,
      };
      return this.#token;
    } catch (error) {
      if (error instanceof SiteError) this.#refusal = { error, untilMs: clock.now() + oauthLimits.refusalMs };
      throw error;
    }
  }
}
