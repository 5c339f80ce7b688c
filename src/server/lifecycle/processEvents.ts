import { randomUUID } from "node:crypto";
import type { StructuredLogger } from "../../observability/Logger.js";
import { serverLimits } from "../limits.js";
import type { RunningServer } from "../startServer.js";

type StopSignal = "SIGTERM" | "SIGINT";
type Signal = StopSignal | "SIGHUP";

interface SignalOptions {
  readonly logger: StructuredLogger;
  /** Where signals come from and where the process ends; the process itself unless a test stands in for it. */
  readonly host?: {
    on(signal: Signal, listener: (signal: Signal) => void): unknown;
    exit(code: number): void;
  };
}

/**
 * The first SIGTERM or SIGINT ends the server in order and the process with 0; the second cuts everything off and ends
 * it with 1. So does an end that fails. SIGHUP reads again what may change while it runs.
 */
export function installSignalHandlers(server: RunningServer, { logger, host = process }: SignalOptions): void {
  let isEnding = false;
  const onSignal = (signal: Signal) => {
    const isSecond = isEnding;
    isEnding = true;
    logger.info({ signal }, isSecond ? "second signal: stopping at once" : "signal received: stopping");
    const end = isSecond ? server.closeNow() : server.close(serverLimits);
    end.then(
      () => host.exit(isSecond ? 1 : 0),
      (error: unknown) => {
        logger.error({ error }, "the server did not stop in order");
        host.exit(1);
      },
    );
  };
  host.on("SIGTERM", onSignal);
  host.on("SIGINT", onSignal);
  host.on("SIGHUP", () => void server.reload());
}

interface GuardOptions {
  readonly logger: StructuredLogger;
  /** Where the faults come from; the process itself unless a test stands in for it. */
  readonly host?: {
    on(event: "unhandledRejection" | "uncaughtException", listener: (fault: unknown) => void): unknown;
  };
}

/**
 * Keeps the process when a bug of ours lets a rejection or an exception get away from the request it belongs to: the others are
 * still answered, and that one ends by its time limit. Each fault stands in the log with an id of its own. After an exception the
 * server is not ready any more: code was left in the middle, and what state that left, nobody knows.
 */
export function installProcessGuard(
  server: Pick<RunningServer, "distrust">,
  { logger, host = process }: GuardOptions,
): void {
  host.on("unhandledRejection", (fault) => {
    if (isOfClosedPipe(fault)) return;
    logger.error(
      { errorId: randomUUID(), error: fault },
      "a rejection that nobody handled: this is a bug, and the process goes on",
    );
  });
  host.on("uncaughtException", (fault) => {
    if (isOfClosedPipe(fault)) return;
    if (isOfLostConnection(fault)) {
      logger.warn({ error: fault }, "a connection was lost, and nobody heard of it: the process goes on");
      return;
    }
    const errorId = randomUUID();
    server.distrust(errorId);
    logger.error(
      { errorId, error: fault },
      "an exception that nobody caught: this is a bug; the process is not ready any more, and goes on",
    );
  });
}

/** Whoever read the log or the output is gone. To say so there would fail again, for ever. */
function isOfClosedPipe(fault: unknown): boolean {
  return codeOf(fault) === "EPIPE";
}

/** The other end went away: nothing of ours was left in the middle. */
function isOfLostConnection(fault: unknown): boolean {
  return codeOf(fault) === "ECONNRESET" || codeOf(fault) === "ECONNABORTED";
}

function codeOf(fault: unknown): unknown {
  return fault instanceof Error && "code" in fault ? fault.code : undefined;
}
