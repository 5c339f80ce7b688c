import type { HttpAnswer } from "./Transport.js";
import type { UpstreamBudget } from "./UpstreamBudget.js";

/** Atlassian warns below a fifth; the structured headers carry no warning of their own. */
const nearLimitShare = 0.2;

interface Quota {
  readonly name: string;
  readonly limit: number | null;
  readonly remaining: number;
  readonly resetAtMs: number | null;
}

/**
 * Reads `X-RateLimit-*` and the structured `RateLimit` / `RateLimit-Policy` pair, with or without its `Beta-` prefix.
 * Of several quotas the one with the smallest share left counts. `null` where the answer says nothing.
 *
 * `X-Beta-RateLimit-*` is not read: it says what would have been limited, not what is (2026-11-20, pinned in
 * parseRateLimitHeaders.test.ts).
 */
export function parseRateLimitHeaders(headers: HttpAnswer["headers"], nowMs: number): UpstreamBudget | null {
  const text = (name: string) => [headers[name]].flat().join(", ");
  const quota = tightest(
    text("ratelimit") || text("beta-ratelimit"),
    text("ratelimit-policy") || text("beta-ratelimit-policy"),
    nowMs,
  );
  const limit = wholeNumber(text("x-ratelimit-limit")) ?? quota?.limit ?? null;
  const remaining = wholeNumber(text("x-ratelimit-remaining")) ?? quota?.remaining ?? null;
  const resetAtMs = instant(text("x-ratelimit-reset")) ?? quota?.resetAtMs ?? null;
  const reason = text("ratelimit-reason") || quota?.name || null;
  const warning = text("x-ratelimit-nearlimit").toLowerCase();
  if (limit === null && remaining === null && resetAtMs === null && reason === null && warning === "") return null;

  const hasLittleLeft = limit !== null && remaining !== null && remaining < limit * nearLimitShare;
  const isNearLimit = warning === "" ? hasLittleLeft : warning === "true";
  return { limit, remaining, resetAtMs, isNearLimit, reason, observedAtMs: nowMs };
}

function tightest(quotas: string, policies: string, nowMs: number): Quota | null {
  const limits = new Map(items(policies).map(({ name, parameters }) => [name, wholeNumber(parameters.get("q"))]));
  let found: Quota | null = null;
  for (const { name, parameters } of items(quotas)) {
    const remaining = wholeNumber(parameters.get("r"));
    if (remaining === null) continue;
    const resetSeconds = wholeNumber(parameters.get("t"));
    const resetAtMs = resetSeconds === null ? null : nowMs + resetSeconds * 1_000;
    const quota = { name, limit: limits.get(name) ?? null, remaining, resetAtMs };
    if (found === null || shareLeft(quota) < shareLeft(found)) found = quota;
  }
  return found;
}

function shareLeft(quota: Quota): number {
  return quota.limit === null || quota.limit === 0 ? quota.remaining : quota.remaining / quota.limit;
}

/** The members of a structured list: `"name";r=11000;t=600, "other";r=3`. */
function items(text: string): { name: string; parameters: Map<string, string> }[] {
  return [...text.matchAll(/"([^"]*)"((?:\s*;\s*\w+=[^;,\s]+)*)/g)].map(([, name = "", rest = ""]) => ({
    name,
    parameters: new Map([...rest.matchAll(/(\w+)=([^;,\s]+)/g)].map(([, key = "", value = ""]) => [key, value])),
  }));
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null;
}

function instant(text: string): number | null {
  const atMs = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}
