import type { Check } from "./Check.js";

const marks: Readonly<Record<Check["outcome"], string>> = {
  ok: "ok",
  warning: "WARNING",
  failed: "FAILED",
  skipped: "skipped",
};

/** The checks as a table that a person can act on, a block a site. */
export function formatChecks(checks: readonly Check[]): string {
  const bySite = new Map<string, Check[]>();
  for (const check of checks) bySite.set(check.siteId, [...(bySite.get(check.siteId) ?? []), check]);
  return [...bySite].map(([siteId, ofSite]) => [`Site ${siteId}`, ...table(ofSite)].join("\n")).join("\n\n");
}

function table(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  return checks.map(({ subject, outcome, finding, neededFor }) => {
    const purpose = neededFor === null || outcome === "ok" ? "" : ` (needed for ${neededFor})`;
    return `  ${marks[outcome].padEnd(8)} ${subject.padEnd(width)}  ${finding}${purpose}`;
  });
}
