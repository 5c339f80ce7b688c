import { type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";
import type { LogLevel } from "../config/Config.js";
import { redact, redactFields } from "./redact.js";

/** What the product needs of a log. Fields are structured and pass through redaction before they are written. */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** The domain's logger, and what only those who set one up or carry a request need of it. */
export interface StructuredLogger extends Logger {
  /** A logger that adds these fields to each of its lines. */
  child(fields: Readonly<Record<string, unknown>>): StructuredLogger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where lines go; standard output unless told otherwise. */
  readonly destination?: { write(line: string): unknown };
}

/**
 * A log of one JSON object a line: `level` as a word, `time` in ISO 8601, `msg`, and the fields. Values under keys such
 * as `authorization` are masked, and the finished line is searched once more for every registered secret, so that none
 * leaves inside a message or a stack.
 */
export function createLogger({ level, destination = process.stdout }: LoggerOptions): StructuredLogger {
  const writer = { write: (line: string) => void destination.write(redact(line)) };
  return wrap(
    pino(
      {
        level,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      writer,
    ),
  );
}

function wrap(log: PinoLogger): StructuredLogger {
  const writeAt =
    (level: "debug" | "info" | "warn" | "error") => (fields: Record<string, unknown>, message: string) => {
      if (log.isLevelEnabled(level)) log[level](redactFields(fields), message);
    };
  return {
    debug: writeAt("debug"),
    info: writeAt("info"),
    warn: writeAt("warn"),
    error: writeAt("error"),
    child: (fields) => wrap(log.child(redactFields(fields))),
  };
}
