import type { Dispatcher } from "undici";
import { SiteError, type SiteErrorKind, siteErrorOf } from "../domain/SiteError.js";
import type { StopSignal } from "./admission/Stop.js";
import { cleanExcerpt, type Reply, type ReplyContext, readNetworkCode, siteErrorFromReply } from "./errors.js";
import { textLimits } from "./limits.js";
import type { HttpAnswer, HttpRequest } from "./Transport.js";

export interface WireRequest {
  readonly origin: string;
  readonly method: Dispatcher.HttpMethod;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/**
 * One request and its reply on the pool; `ended` is told first, with `null` where there is none. Rejects with the network's own
 * error, or with the signal's reason.
 *
 * `request` of undici would make a stream of each body and a resource of each call, which took longer than all else about a call.
 */
export function exchange(
  pool: Dispatcher,
  wire: WireRequest,
  signal: StopSignal,
  ended: (reply: Reply | null) => void,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const receiver = new Receiver(signal, (reply, error) => {
      ended(reply);
      if (reply === null) reject(error);
      else resolve(reply);
    });
    if (signal.aborted) return receiver.fail(signal.reason);
    pool.dispatch(
      { origin: wire.origin, method: wire.method, path: wire.target, headers: wire.headers, body: wire.body },
      receiver,
    );
  });
}

/** Takes in one reply. An error's body is cut where no known error says anything any more, and its connection with it. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #signal: StopSignal;
  readonly #settle: (reply: Reply | null, error?: unknown) => void;
  readonly #stop = () => this.#abort();
  #isSettled = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Reply["headers"] = {};
  #controller: Dispatcher.DispatchController | null = null;

  /** @param settle called once, with the reply or why there is none. */
  constructor(signal: StopSignal, settle: (reply: Reply | null, error?: unknown) => void) {
    this.#signal = signal;
    this.#settle = settle;
    signal.addEventListener("abort", this.#stop, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was still waiting for its connection.
    if (this.#signal.aborted) controller.abort(errorOf(this.#signal.reason));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Reply["headers"]): void {
    // What comes before the reply itself is below 200, and says nothing.
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#isAnswer || this.#bytes <= textLimits.errorBytes) return;
    this.#finish(false);
    controller.abort(new Error("The beginning of an error is enough."));
  }

  onResponseEnd(): void {
    this.#finish(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (readNetworkCode(error) === "UND_ERR_RES_EXCEEDED_MAX_SIZE") this.#finish(this.#isAnswer);
    else this.fail(error);
  }

  get #isAnswer(): boolean {
    return isAnswer(this.#status);
  }

  #abort(): void {
    const { reason } = this.#signal;
    this.#controller?.abort(errorOf(reason));
    this.fail(reason);
  }

  fail(error: unknown): void {
    this.#end(null, error);
  }

  #finish(isTooLarge: boolean): void {
    const [text, bytes] = isTooLarge ? ["", 0] : [this.#text, this.#bytes];
    this.#end({ status: this.#status, headers: this.#headers, text, bytes, isTooLarge });
  }

  #end(reply: Reply | null, error?: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#signal.removeEventListener("abort", this.#stop);
    this.#settle(reply, error);
  }

  get #text(): string {
    const [first, ...others] = this.#chunks;
    const body = first === undefined || others.length > 0 ? Buffer.concat(this.#chunks) : first;
    const end = this.#isAnswer ? body.length : Math.min(body.length, textLimits.errorBytes);
    const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
    return body.toString("utf8", start, end);
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** What is read as if it were whole would lack the rest without a word. */
const partialContent = 206;

/** Whether a status says that what was asked was done. */
export function isAnswer(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** What came of one attempt. */
export type Attempt =
  | { readonly answer: HttpAnswer }
  | { readonly error: SiteError; readonly networkCode: string | null; readonly bytes: number };

/** What a reply says: a 2xx that can be read is the answer. */
export function readReply(reply: Reply, context: ReplyContext): Attempt {
  const refused = (error: SiteError) => ({ error, networkCode: null, bytes: reply.bytes });
  if (!isAnswer(reply.status)) return refused(siteErrorFromReply(reply, context));
  try {
    return { answer: readAnswer(reply, context) };
  } catch (error) {
    return refused(siteErrorOf(error));
  }
}

const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

/** The path and query to send, below the base's path. Rejects a path that would leave the place it names. */
export function buildTarget(basePath: string, request: HttpRequest): string {
  const { call, path, query = {} } = request;
  if (!path.startsWith("/") || dotSegment.test(path.split("?", 1)[0] ?? "")) {
    const message = `${call} was not sent: an id in its path is "." or "..", which would name another resource.`;
    throw new SiteError("RequestRejected", message, { call });
  }
  const parameters = Object.entries(query)
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
  if (parameters === "") return basePath + path;
  return `${basePath}${path}${path.includes("?") ? "&" : "?"}${parameters}`;
}

interface BaseUrl {
  readonly origin: string;
  /** Without a trailing slash; empty for the origin alone. */
  readonly path: string;
}

/**
 * Takes an address apart. Throws `Misconfigured` for anything that is not plain http(s): a user name or a query in it
 * may be a secret, so the address is not repeated in the message.
 */
export function readBaseUrl(baseUrl: string): BaseUrl {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isPlain || url.search !== "" || url.hash !== "") {
    throw new SiteError(
      "Misconfigured",
      "The site's address must be an absolute http or https URL without user name, query or fragment, such as https://example.atlassian.net.",
      { call: "(start)" },
    );
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}

/**
 * The parsed answer of a 2xx reply. Throws `ContractDrift` where it is not JSON and `UpstreamFailed` where it is longer
 * than the cap: a smaller page may fit.
 */
function readAnswer(reply: Reply, context: ReplyContext): HttpAnswer {
  const { status, headers, text, bytes } = reply;
  if (reply.isTooLarge) {
    throw fault("UpstreamFailed", "with a longer body than is read. Ask for less at once, or raise the body limit.");
  }
  if (status === partialContent) {
    throw fault(
      "ContractDrift",
      "with a part of an answer, which nobody asked for. Check what stands before the site.",
    );
  }
  if (text.trim() === "") return { status, headers, body: undefined, bytes };
  try {
    return { status, headers, body: parseJson(text), bytes };
  } catch {
    const isPage =
      /^\s*<(!doctype html|html|head|body)\b/i.test(text) || /\bhtml\b/i.test(String(headers["content-type"]));
    const excerpt = cleanExcerpt(text, context.secrets());
    throw isPage
      ? fault(
          "ContractDrift",
          `with a web page instead of JSON ("${excerpt}"). It is probably a sign-in page: check the site's address and the credential.`,
        )
      : fault("ContractDrift", `with something that is not JSON ("${excerpt}"). Check that the address is the API's.`);
  }

  function fault(kind: SiteErrorKind, problem: string): SiteError {
    const { call, isRepeatable } = context;
    // The upstream did what it was asked; a write's result is unknown to us all the same.
    return new SiteError(kind, `${call} answered ${status} ${problem}`, { call, status, isAnswerLost: !isRepeatable });
  }
}

/** Texts, which may hold anything, and numbers. */
const textsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const longInteger = /^-?[1-9]\d{15,}$/;
/** Where there may be a long integer, be it inside of a text: most answers have none and are parsed at once. */
const hint = /[[:,]\s*-?\d{16}/;

/**
 * Parsed JSON, in which integers that a number cannot hold are texts: ids of 64 bits come as numbers from some sites, and
 * parsing them as such makes other ids of them. Throws a `SyntaxError` like `JSON.parse`.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(hint.test(text) ? text.replace(textsAndNumbers, asText) : text);
}

function asText(token: string): string {
  return longInteger.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
