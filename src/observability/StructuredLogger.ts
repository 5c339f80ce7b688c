import type { Logger } from "./Logger.js";

/** The domain's logger, and what only those who set one up or carry a request need of it. */
export interface StructuredLogger extends Logger {
  /** A logger that adds these fields to each of its lines. */
  child(fields: Readonly<Record<string, unknown>>): StructuredLogger;
}
