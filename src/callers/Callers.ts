import type { ProxyConfig } from "../config/Config.js";
import type { CallerEntry, CallersConfig, CallersFile } from "../config/callers/CallersConfig.js";
import { callersFromText } from "../config/callers/callersFromFile.js";
import type { Secret } from "../config/Secret.js";
import { WatchedFile } from "../config/WatchedFile.js";
import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import { runAs, type Work } from "../observability/currentWork.js";
import type { StructuredLogger } from "../observability/Logger.js";
import { Caller, unboundedCaller } from "./Caller.js";
import { JsonWebTokens, KeysUnavailable } from "./JsonWebTokens.js";
import { digestOf, TokenTable } from "./TokenTable.js";

/** Who calls, or why nobody knows. */
export type Identified =
  | { readonly kind: "known"; readonly caller: Caller }
  /** No token was presented; one that is not good; or whether it is cannot be told now. */
  | { readonly kind: "missing" | "refused" | "unavailable" };

interface CallersOptions {
  readonly config: CallersConfig;
  /** The short form: one token that may do everything. */
  readonly token: Secret | null;
  readonly clock: Clock;
  readonly logger: StructuredLogger;
  /** The sites of which one account id names one account on all: those of Confluence Cloud. */
  readonly sharing?: ReadonlySet<SiteId>;
  /** On the way to the keys of an identity provider; left out: none. */
  readonly proxy?: ProxyConfig | null;
}

/** Tells callers apart: by the tokens of the file, by the one of the environment, by what an identity provider signed. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #jwt: JsonWebTokens | null;
  readonly #file: WatchedFile | null;
  #tokens: TokenTable;
  readonly #anyone: Caller;

  constructor(options: CallersOptions) {
    this.#options = options;
    const { config, clock, logger, sharing = new Set(), proxy = null } = options;
    this.#jwt =
      config.jwt === null
        ? null
        : new JsonWebTokens({
            ...{ config: config.jwt, clock, logger, sharing, proxy },
            ...{ limits: config.limits, operations: config.operations },
          });
    this.#anyone = unboundedCaller("anyone", config.limits, config.operations);
    this.#tokens = this.#tableOf(config.file?.entries ?? []);
    this.#file = config.file === null ? null : this.#watched(config.file);
  }

  /** Nobody is asked who they are: then only this machine may call. */
  get isOpen(): boolean {
    const { config, token } = this.#options;
    return token === null && config.file === null && config.jwt === null;
  }

  /** Who asks, at once where no issuer has to be asked for its keys, which is done as the work that it is for. */
  identify(authorization: string | undefined, work: Work = { marks: null }): Identified | Promise<Identified> {
    if (this.isOpen) return { kind: "known", caller: this.#anyone };
    const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (presented === undefined) return { kind: "missing" };
    const caller = this.#tokens.find(presented);
    if (caller !== null) return { kind: "known", caller };
    if (this.#jwt === null || !JsonWebTokens.isOne(presented)) return { kind: "refused" };
    const jwt = this.#jwt;
    return runAs(work, () => this.#identifySigned(jwt, presented));
  }

  async #identifySigned(jwt: JsonWebTokens, presented: string): Promise<Identified> {
    try {
      const signed = await jwt.find(presented);
      return signed === null ? { kind: "refused" } : { kind: "known", caller: signed };
    } catch (error) {
      if (error instanceof KeysUnavailable) return { kind: "unavailable" };
      throw error;
    }
  }

  /** Looks at the file again and again, until `close`. */
  watch(): void {
    void this.#file?.watch();
  }

  /** Reads the file again. One that cannot be used leaves things as they are, and is told. */
  async reload(): Promise<void> {
    await this.#file?.read();
  }

  close(): void {
    this.#file?.close();
  }

  #watched(file: CallersFile): WatchedFile {
    const { clock, logger } = this.#options;
    const variable = "CALLERS_FILE";
    return new WatchedFile({
      ...{ path: file.path, text: file.text, clock },
      lose: (code) => logger.error({ variable }, `the callers' file cannot be read${code}: callers stay as they were`),
      take: (text) => {
        const problems: string[] = [];
        const entries = callersFromText(text, (where, problem) => problems.push(`${where} ${problem}`.trim()), file);
        if (entries === null) {
          logger.error({ variable, problems }, "the callers' file has faults: callers stay as they were");
          return;
        }
        this.#tokens = this.#tableOf(entries);
        logger.info({ callers: entries.map(({ name }) => name) }, "the callers' file was read");
      },
    });
  }

  #tableOf(entries: readonly CallerEntry[]): TokenTable {
    const { config, token, sharing = new Set() } = this.#options;
    const named = entries.map(({ digest, name, scopes, accounts, limits, operations }) => ({
      digest,
      caller: new Caller({
        ...{ name, scopes, accounts, sharing, limits: { ...config.limits, ...limits } },
        operations: operations ?? config.operations,
      }),
    }));
    const short =
      token === null
        ? []
        : [{ digest: digestOf(token.reveal()), caller: unboundedCaller("token", config.limits, config.operations) }];
    return new TokenTable([...named, ...short]);
  }
}
