import { onTestFinished } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { ConcurrencyLimit } from "../../../src/http/admission/ConcurrencyLimit.js";
import { createTransport, type TransportOptions } from "../../../src/http/createTransport.js";
import { httpLimits } from "../../../src/http/limits.js";
import type { HttpRequest, Transport } from "../../../src/http/Transport.js";
import { ManualClock } from "../../support/ManualClock.js";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

export interface OpenTransport {
  readonly transport: Transport;
  readonly clock: ManualClock;
  readonly concurrencyLimit: ConcurrencyLimit;
  readonly log: readonly LogLine[];
  /** The error a call ends with; fails the test when it is answered. */
  errorOf(request: HttpRequest): Promise<SiteError>;
}

/** A transport under a clock that stands still, without jitter, closed when the test ends. */
export function openTransport(
  baseUrl: string,
  options: Partial<Omit<TransportOptions, "baseUrl" | "clock" | "logger">> & {
    readonly clock?: ManualClock;
    readonly concurrency?: number;
  } = {},
): OpenTransport {
  const clock = options.clock ?? new ManualClock();
  const concurrencyLimit =
    options.concurrencyLimit ?? new ConcurrencyLimit({ concurrency: options.concurrency ?? 4, clock });
  const log: LogLine[] = [];
  const write = (level: LogLine["level"]) => (fields: Record<string, unknown>, message: string) =>
    void log.push({ level, fields, message });
  const transport = createTransport({
    authorization: { header: () => "Bearer token-of-a-test" },
    random: () => 0,
    limits: httpLimits,
    ...options,
    baseUrl,
    concurrencyLimit,
    clock,
    logger: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
  });
  onTestFinished(() => transport.close());
  return {
    transport,
    clock,
    concurrencyLimit,
    log,
    async errorOf(request) {
      const error = await transport.send(request).then(
        () => new Error(`${request.call} was answered`),
        (reason: unknown) => reason,
      );
      if (error instanceof SiteError) return error;
      throw error;
    },
  };
}
