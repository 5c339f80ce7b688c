import type { ApolloServer } from "@apollo/server";
import type { FastifyInstance } from "fastify";
import type { StructuredLogger } from "../observability/Logger.js";
import type { ServerContext } from "./ServerOptions.js";

interface ShutdownParts<Context extends ServerContext> {
  readonly fastify: FastifyInstance;
  readonly apollo: ApolloServer<Context>;
  readonly inFlight: InFlight;
  readonly logger: StructuredLogger;
  readonly graceMs: number;
  readonly onClose: () => Promise<void> | void;
}

interface Shutdown {
  readonly isDraining: () => boolean;
  readonly close: () => Promise<void>;
  readonly closeNow: () => Promise<void>;
}

/** The orderly end: not ready, no new connections, the owed answers within the grace period, then everything below. */
export function createShutdown<Context extends ServerContext>(parts: ShutdownParts<Context>): Shutdown {
  const { fastify, inFlight, logger, graceMs } = parts;
  const patience = new AbortController();
  let end: Promise<void> | null = null;

  async function drain(): Promise<void> {
    logger.info({ inFlight: inFlight.owed, graceMs }, "stopping: no new connections are accepted");
    // Node's own close, ahead of the framework's: it refuses new connections in this very tick and closes idle ones.
    fastify.server.close();
    const timer = setTimeout(() => patience.abort(), graceMs);
    await Promise.race([inFlight.whenNone(), whenAborted(patience.signal)]);
    clearTimeout(timer);
    if (inFlight.owed > 0)
      logger.warn({ unanswered: inFlight.owed }, "requests are cut off: the time to finish them is over");
    fastify.server.closeAllConnections();
    await closeParts(parts);
    logger.info({}, "stopped");
  }

  const close = () => {
    end ??= drain();
    return end;
  };
  const closeNow = () => {
    patience.abort();
    return close();
  };
  return { isDraining: () => end !== null, close, closeNow };
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

/** Counts the answers that are still owed, so that a shutdown knows when the last one is out. */
export class InFlight {
  #owed = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#owed += 1;
  }

  end(): void {
    this.#owed -= 1;
    if (this.#owed === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get owed(): number {
    return this.#owed;
  }

  whenNone(): Promise<void> {
    if (this.#owed === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
