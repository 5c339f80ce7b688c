import { randomUUID } from "node:crypto";
import type { StructuredLogger } from "../observability/StructuredLogger.js";

interface GuardOptions {
  readonly logger: StructuredLogger;
  /** Where the faults come from; the process itself unless a test stands in for it. */
  readonly host?: {
    on(event: "unhandledRejection" | "uncaughtException", listener: (fault: unknown) => void): unknown;
  };
}

/**
 * Keeps the process when a bug of ours lets a rejection or an exception get away from the request it belongs to: the others are
 * still answered, and that one ends by its time limit. Each fault stands in the log with an id of its own.
 */
export function installProcessGuard({ logger, host = process }: GuardOptions): void {
  const keep = (message: string) => (fault: unknown) => {
    // Whoever read the log or the output is gone. To say so there would fail again, for ever.
    if (fault instanceof Error && "code" in fault && fault.code === "EPIPE") return;
    logger.error({ errorId: randomUUID(), error: fault }, message);
  };
  host.on("unhandledRejection", keep("a rejection that nobody handled: this is a bug, and the process goes on"));
  host.on("uncaughtException", keep("an exception that nobody caught: this is a bug, and the process goes on"));
}
