import type { EngineAddress } from "../../config/fleet/FleetConfig.js";
import type { LostReason } from "../../fleet/redis/Connection.js";
import { type Refusal, refusalOf } from "../../fleet/redis/readReply.js";
import type { Check } from "./Examination.js";

const refusals: Partial<Record<Refusal, string>> = {
  wrongpass: "it refuses the user name or the password of CACHE_URL",
  noauth: "it asks for a password, and CACHE_URL has none: redis://user:password@host:6379",
  noperm: "its user may not even connect: a cluster needs +cluster|slots, another database than 0 needs +select",
  clusterdown: "the cluster is down: some of its slots are held by nobody",
  loading: "it is still loading its data: wait until it has",
  readonly: "it is a replica, which takes nothing: name the primary",
};

/** Why it was not reached, and what to do. What the engine itself says may quote what was sent: only its first word counts. */
export function connectAdvice(error: unknown, lost: LostReason | null, address: EngineAddress): string {
  const refusal = refusalOf(error);
  if (refusal !== null) return refusals[refusal] ?? ofOther(address);
  if (lost === "garbage") {
    const other = address.isSafe ? "redis://, without TLS" : "rediss://, over TLS";
    return `what answers there talks neither as Valkey nor as Redis: is the port right, or does it want ${other}?`;
  }
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ECONNREFUSED" || code === "ENOENT")
    return "nobody listens there: is it started, are host and port right?";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known here";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "its certificate is for another name than the host of CACHE_URL";
  if (code === "CERT_HAS_EXPIRED") return "its certificate has expired";
  if (/CERT|VERIFY|ISSUER/.test(code)) {
    return "its certificate is vouched for by nobody who is known here: name its authority in CACHE_CA_FILE";
  }
  if (/^ERR_SSL|^EPROTO/.test(code)) return "it does not speak TLS there: is it redis://, or another port?";
  if (code !== "") return `it was not reached (${code})`;
  const closed = address.isSafe ? "" : ": does it speak TLS there (rediss://)?";
  if (error instanceof Error && /no answer within/.test(error.message)) return `${error.message}${closed}`;
  return `the connection ended before it answered${closed}`;
}

function ofOther({ isCluster, database }: EngineAddress): string {
  if (isCluster) return "it refuses to tell who holds what: is it a cluster? Else leave out ?cluster=true";
  return database === 0 ? "it refuses the connection: its own log says more" : `it has no database ${database}`;
}

const megabyte = 1_024 * 1_024;
/** Fuller than this it has begun to drop, or will soon. */
const fullShare = 0.95;
const advised = "maxmemory-policy volatile-lru";

/** What its memory is bounded by, and what it drops when that is full. */
export function memoryFinding(facts: ReadonlyMap<string, string>): Pick<Check, "outcome" | "finding"> {
  const most = Number(facts.get("maxmemory"));
  const used = Number(facts.get("used_memory"));
  const policy = facts.get("maxmemory_policy")?.trim() ?? "";
  if (!Number.isFinite(most) || !Number.isFinite(used)) return { outcome: "skipped", finding: "it does not tell" };
  const inMb = (bytes: number) => `${Math.ceil(bytes / megabyte)} MB`;
  if (most === 0) {
    const advice = `set maxmemory, and ${advised}`;
    return { outcome: "warning", finding: `${inMb(used)} used and no bound, so that the system ends it: ${advice}` };
  }
  const finding = `${inMb(used)} of ${inMb(most)} used, ${policy}`;
  if (policy === "noeviction") {
    return { outcome: "warning", finding: `${finding}: once full it takes nothing any more, set ${advised}` };
  }
  if (!policy.startsWith("volatile-")) {
    return {
      outcome: "warning",
      finding: `${finding}: news and budgets are dropped as well as readings, set ${advised}`,
    };
  }
  const isFull = used > most * fullShare;
  return { outcome: "ok", finding: `${finding}${isFull ? ", full: what was read goes early" : ""}` };
}
