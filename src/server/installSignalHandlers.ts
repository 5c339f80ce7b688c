import type { StructuredLogger } from "../observability/StructuredLogger.js";
import type { RunningServer } from "./RunningServer.js";

type StopSignal = "SIGTERM" | "SIGINT";

interface SignalOptions {
  readonly logger: StructuredLogger;
  /** Where signals come from and where the process ends; the process itself unless a test stands in for it. */
  readonly host?: {
    on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
    exit(code: number): void;
  };
}

/**
 * The first SIGTERM or SIGINT ends the server in order and the process with 0; the second cuts everything off and ends
 * it with 1. So does an end that fails.
 */
export function installSignalHandlers(server: RunningServer, { logger, host = process }: SignalOptions): void {
  let isEnding = false;
  const onSignal = (signal: StopSignal) => {
    const isSecond = isEnding;
    isEnding = true;
    logger.info({ signal }, isSecond ? "second signal: stopping at once" : "signal received: stopping");
    const end = isSecond ? server.closeNow() : server.close();
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
}
