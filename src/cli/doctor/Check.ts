/** What was found out about one thing. */
export interface Check {
  readonly siteId: string;
  /** What was looked at: `credential`, `GET /wiki/rest/api/group`. */
  readonly subject: string;
  /** `warning`: something a person should know that stops nothing. `skipped`: it could not be looked at. */
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** What was found. */
  readonly finding: string;
  /** What needs it, where something does: then a failure counts. */
  readonly neededFor: string | null;
}
