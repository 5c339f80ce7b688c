import { Server as NetServer } from "node:net";
import type { ApolloServer } from "@apollo/server";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { StructuredLogger } from "../../observability/Logger.js";
import { serverLimits } from "../limits.js";
import type { ServerContext } from "../ServerOptions.js";
import type { InFlight } from "./InFlight.js";

interface ShutdownParts<Context extends ServerContext> {
  readonly fastify: FastifyInstance;
  readonly apollo: ApolloServer<Context>;
  readonly inFlight: InFlight;
  readonly logger: StructuredLogger;
  readonly graceMs: number;
  /** Tells a client that there is no time left for its request. */
  readonly refuse: (reply: FastifyReply) => void;
  readonly onClose: () => Promise<void> | void;
}

interface Shutdown {
  readonly isDraining: () => boolean;
  /** What is owed is answered or refused, and what answers are made with is being closed, or closed already. */
  readonly isOver: () => boolean;
  readonly close: (options?: CloseOptions) => Promise<void>;
  readonly closeNow: () => Promise<void>;
}

export interface CloseOptions {
  /**
   * How long clients may still come in, with nothing but answers that tell them not to come again: one that is sending just now
   * would find its connection cut. Not at all where it is left out.
   */
  readonly lingerMs?: number;
  /** As long as questions go on coming, somebody has not noticed: then it lingers as long again, up to so long in all. */
  readonly mostLingerMs?: number;
  /** How long, after lingering, whoever is connected by then is still heard: their request may be on its way. */
  readonly hearMs?: number;
}

/** The orderly end: not ready, no new connections, the owed answers within the grace period, then everything below. */
export function createShutdown<Context extends ServerContext>(parts: ShutdownParts<Context>): Shutdown {
  const { fastify, inFlight, logger, graceMs } = parts;
  const patience = new AbortController();
  let end: Promise<void> | null = null;
  let isOver = false;

  async function drain({ lingerMs = 0, mostLingerMs = lingerMs, hearMs = 0 }: CloseOptions): Promise<void> {
    logger.info({ inFlight: inFlight.owed, graceMs }, "stopping: no new connections are accepted");
    const timer = setTimeout(() => patience.abort(), graceMs);
    if (lingerMs > 0) {
      const turnMs = Math.min(lingerMs, graceMs);
      const rest = () => within(turnMs, whenAborted(patience.signal));
      const most = Math.floor(Math.min(mostLingerMs, graceMs) / turnMs);
      await lingerWhileAsked(() => (patience.signal.aborted ? null : inFlight.asked), rest, Math.max(1, most));
      await stopListening(fastify.server);
      await within(Math.min(hearMs, graceMs), whenAborted(patience.signal));
    }
    // Node's own close, ahead of the framework's: it refuses new connections in this very tick and closes idle ones.
    fastify.server.close();
    await Promise.race([inFlight.whenNone(), whenAborted(patience.signal)]);
    clearTimeout(timer);
    // Whatever begins from now on is refused.
    isOver = true;
    if (inFlight.owed > 0) {
      logger.warn({ unanswered: inFlight.owed }, "requests are refused: the time to finish them is over");
      for (const reply of inFlight.replies) parts.refuse(reply);
    }
    await within(serverLimits.farewellMs, inFlight.whenNone());
    fastify.server.closeAllConnections();
    await closeParts(parts);
    logger.info({}, "stopped");
  }

  const close = (options: CloseOptions = {}) => {
    end ??= drain(options);
    return end;
  };
  const closeNow = () => {
    patience.abort();
    return close();
  };
  return { isDraining: () => end !== null, isOver: () => isOver, close, closeNow };
}

/** One turn after the other, until in one of them nobody asked anything, or `asked` says by `null` that it is enough. */
export async function lingerWhileAsked(
  asked: () => number | null,
  rest: () => Promise<void>,
  turns: number,
): Promise<void> {
  for (let left = turns; left > 0; left -= 1) {
    const before = asked();
    await rest();
    if (before === null || asked() === before || asked() === null) return;
  }
}

/** Takes who is waiting to be let in, and nobody after them. Unlike the server's own close it cuts off nobody who has not spoken yet. */
async function stopListening(server: NetServer): Promise<void> {
  // This comes right after the turn in which the event loop lets in who waits.
  await new Promise((resolve) => setImmediate(resolve));
  NetServer.prototype.close.call(server);
}

/** What stands below is closed even when something above it would not close. */
async function closeParts<Context extends ServerContext>({ fastify, apollo, onClose }: ShutdownParts<Context>) {
  try {
    await fastify.close();
    await apollo.stop();
  } finally {
    await onClose();
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Waits for something, but no longer than that. */
async function within(ms: number, something: Promise<void>): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  await Promise.race([something, whenAborted(over.signal)]);
  clearTimeout(timer);
}
