import type { GraphQLFormattedError } from "graphql";
import type { OverdueReading } from "../../loaders/engine/OverdueReadings.js";
import { type UpstreamCode, upstreamCodes } from "../errors/errorCodes.js";
import type { OperationGaps } from "./OperationGaps.js";

/** Something that is told as it was though its time is over, as it stands in `extensions.stale`. */
interface StaleReading {
  readonly siteId: string;
  /** What was read: `spaceGrants`. */
  readonly reading: string;
  readonly asOf: string;
  /** Why it could not be read again, for programs and for people. */
  readonly code: UpstreamCode;
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** What one operation is answered with though its time is over, for `extensions`. */
export function tellStale(readings: readonly OverdueReading[], nowMs: number): readonly StaleReading[] {
  return readings.map(({ siteId, reading, asOfMs, error, retryAtMs }) => ({
    ...{ siteId, reading, asOf: new Date(asOfMs).toISOString() },
    ...{ code: upstreamCodes[error.kind], reason: error.message, retryAfterMs: Math.max(0, retryAtMs - nowMs) },
  }));
}

/** Readings of things by themselves, which have no completeness of their own to say how old they are. */
const singly: ReadonlySet<string> = new Set([
  ...["account", "accountByUsername", "organizationUser", "lastActive", "group", "space", "spaceByKey"],
]);

/**
 * The same in `errors`, one for each site, because gateways drop extensions, and an account alone has no `completeness` to say so.
 * What is as young as the answer owns to by itself, of that site, needs no error. Lists of an access index that is stale have only their own.
 */
export function staleErrors(
  overdue: readonly OverdueReading[],
  gaps: OperationGaps,
  nowMs: number,
): GraphQLFormattedError[] {
  const untold = gaps.untoldStale(new Set(overdue.map(({ siteId }) => siteId)));
  const bySite = new Map<string, StaleReading[]>();
  for (const [at, reading] of tellStale(overdue, nowMs).entries()) {
    const { asOfMs = 0, youngestMs = 0 } = overdue[at] ?? {};
    const told = gaps.staleToldMs(reading.siteId);
    // A list says of its parts how old the oldest is. A thing by itself is no part of a list that was read before it.
    const isToldByList = !singly.has(reading.reading) || youngestMs <= told.youngestMs;
    if (asOfMs >= told.oldestMs && isToldByList) continue;
    const ofSite = bySite.get(reading.siteId);
    if (ofSite === undefined) bySite.set(reading.siteId, [reading]);
    else ofSite.push(reading);
  }
  const ofReadings = [...bySite].map(([siteId, stale]) => {
    const oldest = stale.reduce((left, right) => (right.asOf < left.asOf ? right : left));
    const { asOf, code: cause, reason, retryAfterMs } = oldest;
    return {
      message: `This is stale: site ${siteId} failed when it was to be read again, so parts of the answer are told as they were at ${asOf}. ${reason}`,
      extensions: { code: "STALE", cause, siteId, asOf, readings: stale.map(({ reading }) => reading), retryAfterMs },
    };
  });
  if (untold === null) return ofReadings;
  const message = `This is stale: parts of it are told as they were at ${untold.asOf}, because the site failed when they were to be read again. Ask for \`completeness { isStale asOf }\`.`;
  return [{ message, path: untold.path, extensions: { code: "STALE", asOf: untold.asOf } }, ...ofReadings];
}
