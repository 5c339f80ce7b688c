import type { Dispatcher } from "undici";
import type { ProxyConfig } from "../config/Config.js";
import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import { beginCall, currentMarks, type TracedCall } from "../observability/currentWork.js";
import type { Logger } from "../observability/Logger.js";
import type { Turn } from "./admission/CircuitBreaker.js";
import type { ConcurrencyLimit } from "./admission/ConcurrencyLimit.js";
import { type Errand, nobodysErrand } from "./admission/Errand.js";
import { ReplyTurns } from "./admission/ReplyTurns.js";
import type { Slot } from "./admission/slots.js";
import { type CallDeadline, CallDeadlines } from "./CallDeadline.js";
import { CallTally } from "./CallTally.js";
import {
  type ErrorClassifier,
  nobodyWaits,
  type ReplyContext,
  readBodySecrets,
  readNetworkCode,
  readSecrets,
  siteErrorFromNetwork,
} from "./errors.js";
import { type Attempt, buildTarget, exchange, isAnswer, readBaseUrl, readReply, type WireRequest } from "./exchange.js";
import { type HttpLimits, httpLimits, longestTimerMs } from "./limits.js";
import { openWay } from "./proxy.js";
import { decideRetry, isOfSite, isSpent, type RetryDecision } from "./retry.js";
import {
  type AuthorizationSource,
  type Boarding,
  type HttpAnswer,
  type HttpRequest,
  TakenAlong,
  type Transport,
} from "./Transport.js";
import { currentWaiter } from "./Waiting.js";

export interface TransportOptions {
  /** Absolute http(s) address; may carry a path (`/ex/confluence/{cloudId}`, `/confluence`) that every call goes below. */
  readonly baseUrl: string;
  readonly authorization: AuthorizationSource;
  /** Sent with every call: `User-Agent` and the like. `Accept`, `Content-Type` and `Authorization` are the transport's. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
  /** Shared by every transport of one site. */
  readonly concurrencyLimit: ConcurrencyLimit;
  readonly clock: Clock;
  /** A number in [0, 1): `Math.random`, or a fixed one in tests. */
  readonly random: () => number;
  /** Gets each finished call at debug and each repetition at warn, by template only. */
  readonly logger: Logger;
  readonly limits?: HttpLimits;
  /** What is called, in traces: a site's id. */
  readonly name?: string;
  /** Where calls are counted. */
  readonly tally?: CallTally;
  /** Sockets at most; as many as calls may be in flight unless said otherwise. */
  readonly connections?: number;
  /** The proxy that calls over TLS go through; `null` or left out: none. */
  readonly proxy?: ProxyConfig | null;
  /** PEM of a certificate authority trusted beside the well-known ones. */
  readonly ca?: string;
  /** What to do where the certificate of the site is not trusted: only who configures sites knows how it is. */
  readonly certificateAdvice?: string;
  readonly classifyError?: ErrorClassifier;
  /** The sentence for a person in an error body of the adapter's own shape; `null` leaves it to the common shapes. */
  readonly describe?: (body: unknown) => string | null;
}

/**
 * The one way upstream: pooled connections, the site's concurrency limit, its credential, retries, and errors by the taxonomy.
 * Redirects are never followed. Throws `Misconfigured` for an address that cannot be used.
 */
export function createTransport(options: TransportOptions): Transport {
  const { authorization, concurrencyLimit, clock, logger, limits = httpLimits, tally = new CallTally() } = options;
  const base = readBaseUrl(options.baseUrl);
  const host = new URL(base.origin).hostname;
  const defaultHeaders = lowerCased(options.defaultHeaders ?? {});
  const deadlines = new CallDeadlines(clock);
  const replies = new ReplyTurns();
  let closing: Promise<void> | null = null;
  const way = {
    connections: options.connections ?? concurrencyLimit.concurrency,
    pipelining: 1,
    connectTimeout: limits.connectTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxResponseSize: limits.maxBodyBytes,
  };
  const pool = openWay(base.origin, { ...way, ca: options.ca }, options.proxy ?? null);

  return {
    async send(request) {
      if (closing !== null) throw closedError(request.call);
      const content = contentOf(request);
      // What nobody waits for waits its turn as long as it takes.
      const queueTimeoutMs = request.isBackground === true ? longestTimerMs : limits.queueTimeoutMs;
      const { boarding, tries } = request;
      const requestTimeoutMs = limits.requestTimeoutMs - (tries?.spentMs ?? 0);
      const deadline = deadlines.begin(request.call, { requestTimeoutMs, queueTimeoutMs });
      const traced = beginCall(request.call, () => ({
        "http.request.method": request.method,
        "url.template": request.call.replace(/^[A-Z]+ /, ""),
        "server.address": host,
        "access_graph.site": options.name ?? host,
      }));
      // A change that was begun is not left half done for somebody who went, and what goes on behind everybody is for all.
      const mayBeGivenUp = request.isBackground !== true && (request.method === "GET" || request.isReplaySafe === true);
      const given = () => deadline.cancel(nobodyWaits(request.call));
      const stopListening = mayBeGivenUp ? currentWaiter()?.onGone(given) : undefined;
      try {
        boarding?.taken.throwIfAborted();
        boarding?.taken.addEventListener("abort", () => deadline.cancel(boarding.taken.reason), { once: true });
        const answer = await sendUntilSettled(request, content, { deadline, traced });
        traced.span?.end();
        return answer;
      } catch (error) {
        if (error instanceof TakenAlong) traced.span?.end();
        else traced.span?.end(error instanceof SiteError ? error.kind : "INTERNAL");
        throw error;
      } finally {
        stopListening?.();
        deadlines.finish(deadline);
        if (tries !== undefined) tries.spentMs += deadline.spentMs;
      }
    },
    close() {
      closing ??= pool.close();
      for (const deadline of deadlines.running)
        if (deadline.phase !== "sent") deadline.cancel(closedError(deadline.call));
      return closing;
    },
  };

  async function sendUntilSettled(
    request: HttpRequest,
    content: Content,
    { deadline, traced }: { readonly deadline: CallDeadline; readonly traced: TracedCall },
  ): Promise<HttpAnswer> {
    const { call, method } = request;
    const isReplaySafe = request.isReplaySafe ?? false;
    const { boarding } = request;
    if (boarding === undefined) concurrencyLimit.retries.earn();
    let mayRenew = authorization.renew !== undefined;
    let renewals = 0;
    for (let attempt = 1; ; attempt += 1) {
      deadline.phase = "authorizing";
      const header = authorization.header();
      const credential = header instanceof Promise ? await deadline.within(header) : header;
      const outcome = await attemptCall(
        { pool, concurrencyLimit, replies, clock, tally },
        { origin: base.origin, method, ...content, headers: headersOf(credential, content.body !== null, traced) },
        boarding && (() => boardedOf(request, boarding, attempt)),
        deadline,
        {
          call,
          isBackground: request.isBackground ?? false,
          errand: currentWaiter()?.errand ?? nobodysErrand,
          origin: base.origin,
          isRepeatable: method === "GET" || isReplaySafe,
          secrets: () => [...readSecrets(credential), ...readBodySecrets(request.secrets)],
          classifyError: options.classifyError,
          describe: options.describe,
          certificateAdvice: options.certificateAdvice,
        },
      );
      if ("answer" in outcome) {
        logFinished(call, outcome, { deadline, traced, attempt });
        return outcome.answer;
      }
      const { error, networkCode } = outcome;
      if (mayRenew && error.status === 401 && error.kind === "CredentialRejected") {
        mayRenew = false;
        deadline.phase = "authorizing";
        if (await deadline.within(authorization.renew?.(credential) ?? Promise.resolve(false))) {
          renewals += 1;
          continue;
        }
      }
      const { status, kind, retryAfterMs } = error;
      let decision: RetryDecision = decideRetry(
        {
          method,
          isReplaySafe,
          status,
          networkCode,
          errorKind: kind,
          retryAfterMs,
          attempt: attempt - renewals,
          elapsedMs: deadline.spentMs,
          budgetMs: deadline.timeoutMs,
        },
        options.random,
        limits,
      );
      const { breaker, retries } = concurrencyLimit;
      // What the site told to be asked again later is no repetition of ours.
      if (decision.action === "retry" && (retryAfterMs ?? 0) <= 0 && !retries.spend())
        decision = { action: "give-up", reason: "site-budget-spent" };
      if (decision.action === "give-up" && isSpent(decision.reason) && isOfSite(error)) breaker.gaveUp(call);
      // One that waits for its repetition has failed already: what is known to be down is not asked again for each call.
      if (decision.action === "give-up" || closing !== null || deadline.stop.aborted || breaker.isDown) {
        logFinished(call, outcome, { deadline, traced, attempt });
        throw error;
      }
      tally.repeated(call);
      logger.warn({ call, status, kind, networkCode, attempt, delayMs: decision.delayMs }, "upstream call is repeated");
      deadline.phase = "pausing";
      await clock.sleep(decision.delayMs, deadline.stop.signal);
      if (breaker.isDown) {
        logFinished(call, outcome, { deadline, traced, attempt });
        throw error;
      }
    }
  }

  /** One that another takes along is never made. */
  function boardedOf(request: HttpRequest, boarding: Boarding, attempt: number): Content {
    if (attempt === 1) concurrencyLimit.retries.earn();
    return contentOf(Object.assign({}, request, boarding.board()));
  }

  function contentOf(request: HttpRequest): Content {
    const target = buildTarget(base.path, request);
    return { target, body: request.body === undefined ? null : JSON.stringify(request.body) };
  }

  function headersOf(credential: string | undefined, hasBody: boolean, traced: TracedCall): Record<string, string> {
    // What is set later goes before what was set.
    const headers: Record<string, string> = Object.assign({}, defaultHeaders);
    headers.accept = "application/json";
    if (currentMarks()?.isTraceToldToSites !== false) Object.assign(headers, traced.headers);
    if (hasBody) headers["content-type"] = "application/json";
    if (credential !== undefined) headers.authorization = credential;
    return headers;
  }

  function logFinished(
    call: string,
    outcome: Attempt,
    { deadline, traced, attempt }: { deadline: CallDeadline; traced: TracedCall; attempt: number },
  ): void {
    const facts =
      "answer" in outcome
        ? { status: outcome.answer.status, bytes: outcome.answer.bytes }
        : {
            status: outcome.error.status,
            bytes: outcome.bytes,
            kind: outcome.error.kind,
            networkCode: outcome.networkCode,
          };
    const { elapsedMs: ms, queuedMs } = deadline;
    traced.span?.tell({
      ...(facts.status === null ? {} : { "http.response.status_code": facts.status }),
      ...{ "http.request.resend_count": attempt - 1, "access_graph.queued_ms": Math.round(queuedMs) },
    });
    tally.ended("answer" in outcome ? null : outcome.error.kind, queuedMs);
    logger.debug({ call, ...facts, ms, ...(queuedMs === 0 ? {} : { queuedMs }), attempt }, "upstream call finished");
  }

  function closedError(call: string): SiteError {
    return siteErrorFromNetwork("UND_ERR_CLOSED", { call, origin: base.origin }, undefined);
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

type Content = Pick<WireRequest, "target" | "body">;

/** One attempt: waits for a slot, sends, reads, and tells the limit and its breaker what came of it. */
async function attemptCall(
  way: {
    readonly pool: Dispatcher;
    readonly concurrencyLimit: ConcurrencyLimit;
    readonly replies: ReplyTurns;
    readonly clock: Clock;
    readonly tally: CallTally;
  },
  wire: WireRequest,
  board: (() => Content) | undefined,
  deadline: CallDeadline,
  {
    isBackground,
    errand,
    ...context
  }: Omit<ReplyContext, "nowMs"> & { readonly isBackground: boolean; readonly errand: Errand },
): Promise<Attempt> {
  deadline.phase = "queued";
  const { call } = context;
  let turn: Turn | null = null;
  let slot: Slot | null = null;
  let isAnswered = false;
  let sent = wire;
  const onAdmitted = () => {
    if (board !== undefined) sent = Object.assign({}, wire, board());
  };
  try {
    while (slot === null) {
      turn?.end();
      turn = null;
      const coming = way.concurrencyLimit.breaker.turn(call, deadline.stop);
      // Whoever asks for the same in this turn of the event loop is to go along.
      turn = coming instanceof Promise || board !== undefined ? await coming : coming;
      slot = await way.concurrencyLimit.enter({
        call,
        // Others wait for what a probe finds, so it waits for no share, which may be for as long as a quota.
        isBackground: isBackground && !turn.isProbe,
        isChange: !context.isRepeatable,
        ...{ errand, onAdmitted },
        deadlineMs: deadline.queueDeadlineMs,
        allowanceMs: deadline.timeoutMs - deadline.spentMs,
        signal: deadline.stop,
      });
    }
    deadline.phase = "sent";
    deadline.charge(slot.pausedMs);
    const attempted = way.tally.begin(call, way.clock);
    const reply = await exchange(way.pool, sent, deadline.stop, attempted);
    const told = way.concurrencyLimit.observe(reply.headers, isBackground);
    if (isAnswer(reply.status)) {
      slot.leave(true);
      await way.replies.turn();
    }
    const attempt = readReply(reply, { ...context, nowMs: way.clock.now() });
    if ("error" in attempt && reply.status >= 500 && reply.status !== 501) turn?.failed(attempt.error);
    else turn?.answered();
    if ("error" in attempt && attempt.error.kind === "Throttled") {
      way.tally.throttled();
      slot.throttled({ status: reply.status, retryAfterMs: attempt.error.retryAfterMs, told });
    } else isAnswered = reply.status < 500;
    return attempt;
  } catch (cause) {
    const error = deadline.stop.aborted ? deadline.stop.reason : cause;
    if (error instanceof SiteError) {
      if (error.isAnswerLost) turn?.failed(error);
      return { error, networkCode: null, bytes: 0 };
    }
    const networkCode = readNetworkCode(error);
    // An error without a code is ours, and must not pass for the network's.
    if (networkCode === null) throw error;
    const lost = siteErrorFromNetwork(networkCode, context, error);
    if (lost.kind === "Unreachable") turn?.failed(lost);
    return { error: lost, networkCode, bytes: 0 };
  } finally {
    turn?.end();
    slot?.leave(isAnswered);
  }
}
