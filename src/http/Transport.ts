import type { Secret } from "../config/Secret.js";
import { SiteError } from "../domain/SiteError.js";
import { workForAll } from "./Waiting.js";

/** The time that was spent on one question, however often and in whatever form it was asked: the calls for it have one budget. */
export interface Tries {
  spentMs: number;
}

/** One call to an upstream, described without its origin and without its credential. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The call as a template, for errors, logs and metrics: `GET /wiki/api/v2/spaces/{id}/permissions`. Never holds an id. */
  readonly call: string;
  /**
   * The path as sent, ids encoded, below the transport's base URL. Starts with `/`. A `.` or `..` segment is refused:
   * `encodeURIComponent` leaves dots alone, so an id of `..` would otherwise name another resource.
   */
  readonly path: string;
  /** `undefined` leaves a parameter out, a list repeats it; everything is percent-encoded. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** True where repeating it cannot change anything twice. GETs are; a POST that only reads says so here. */
  readonly isReplaySafe?: boolean;
  /** True for work that nobody waits for: it goes when no other call waits, and takes no more than its share. */
  readonly isBackground?: boolean;
  /** What was spent already on what it asks for; it adds its own. */
  readonly tries?: Tries;
  /** Where what it asks for is settled no sooner than its turn has come. */
  readonly boarding?: Boarding;
  /** What the body holds that no message may show, even where the answer echoes it: a new account's password. */
  readonly secrets?: readonly Secret[];
}

/** What a call asks for, as others that wait for their turn may have it ask for what they would. */
export interface Boarding {
  /** Its turn has come: what it asks for, in the place of what the request says. Asked anew for each attempt. */
  board(): Pick<HttpRequest, "query" | "body">;
  /** Aborted with `TakenAlong` where another call has left that asks for the same: this one is not sent then, and rejects so. */
  readonly taken: AbortSignal;
}

/** Why a call is not sent that nothing went wrong with. */
export class TakenAlong extends Error {
  override readonly name = "TakenAlong";
}

/** A 2xx answer. Everything else is a `SiteError`. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON, `undefined` for an empty body. Integers beyond 2^53 are texts, for as numbers they lose digits. */
  readonly body: unknown;
  /** Length of the body in bytes: what sizes in the cache are measured by. */
  readonly bytes: number;
}

/** Sends calls to one origin with one credential: concurrency limit, retries and error mapping included. */
export interface Transport {
  /**
   * Resolves with a 2xx answer; rejects with a `SiteError` of the taxonomy, retries spent. It takes at
   * most `requestTimeoutMs` of the transport's limits, and before that waits for its turn at most `queueTimeoutMs`.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /**
   * Lets the calls that are on the wire end, rejects those that still wait, closes the connections. Calls after it
   * reject with `Unreachable`. May be called twice.
   */
  close(): Promise<void>;
}

/** Where the `Authorization` header comes from. Asked anew for each attempt, so a renewed token is used at once. */
export interface AuthorizationSource {
  /** The header's whole value (`Basic …`, `Bearer …`), or `undefined` to send none. Rejects with a `SiteError`. */
  header(): Promise<string | undefined> | string | undefined;
  /**
   * Asked once a call after the upstream rejected the credential, with the value that was rejected. `true`: there is
   * another one now, and the call is repeated once. A source that another call renewed meanwhile answers `true` at once.
   */
  renew?(rejected: string | undefined): Promise<boolean>;
}

/**
 * A transport whose address has to be found out first, by the first call that needs it. A failure to find it is that
 * call's failure; the next call tries again. Callers that come meanwhile share one attempt.
 */
export function createLazyTransport(connect: () => Promise<Transport>): Transport {
  let connecting: Promise<Transport> | null = null;
  return {
    async send(request) {
      connecting ??= workForAll(connect);
      try {
        return await (await connecting).send(request);
      } finally {
        const attempt = connecting;
        attempt?.catch(() => {
          if (connecting === attempt) connecting = null;
        });
      }
    },
    async close() {
      const opened = await connecting?.catch(() => null);
      await opened?.close();
    },
  };
}

/** The same transport, telling every failure to a watcher before it reaches the caller. */
export function watchTransport(transport: Transport, onFailure: (error: SiteError) => void): Transport {
  return {
    async send(request) {
      try {
        return await transport.send(request);
      } catch (error) {
        if (error instanceof SiteError) onFailure(error);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

/** The same transport for work that nobody waits for: all its calls go behind the others'. */
export function behindOthers(transport: Transport): Transport {
  return {
    send: (request) => transport.send(Object.assign({}, request, { isBackground: true })),
    close: () => transport.close(),
  };
}
