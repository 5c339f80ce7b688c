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
