import type { AccountId, SiteId } from "./ids.js";

/** What a caller may do here. No scope contains another. */
export const scopes = ["read", "read:personal", "grant", "grant:administration", "lifecycle", "audit"] as const;

export type Scope = (typeof scopes)[number];

/** Where a scope is held: on every site, those to come too, or on these alone. */
export type Extent = "everywhere" | ReadonlySet<SiteId>;

/** The scopes that a caller holds, and where. What is not in it is not held. */
export type HeldScopes = ReadonlyMap<Scope, Extent>;

/** A scope as it is written: `grant`, or `grant@acme` for one site; `null` where it is none. */
export function parseScope(text: string): { readonly scope: Scope; readonly siteId: SiteId | null } | null {
  const [name = "", ...rest] = text.split("@");
  const scope = scopes.find((each) => each === name);
  const siteId = rest.join("@");
  if (scope === undefined || (rest.length > 0 && !/^[A-Za-z0-9._-]{1,100}$/.test(siteId))) return null;
  return { scope, siteId: rest.length === 0 ? null : (siteId as SiteId) };
}

/** Scopes as they are written, together. Whatever is no scope of ours gives nothing. */
export function heldScopes(texts: readonly string[]): HeldScopes {
  const held = new Map<Scope, Extent>();
  for (const text of texts) {
    const parsed = parseScope(text);
    if (parsed === null) continue;
    const { scope, siteId } = parsed;
    const known = held.get(scope);
    if (siteId === null || known === "everywhere") held.set(scope, "everywhere");
    else held.set(scope, new Set([...(known ?? []), siteId]));
  }
  return held;
}

/** An account that a caller is, or acts for: on one site, or wherever an account has this id. */
export interface CallersAccount {
  readonly siteId: SiteId | null;
  readonly accountId: AccountId;
}

/** An account as it is written: its id, or `acme/id` for one site. */
export function parseCallersAccount(text: string): CallersAccount {
  const cut = text.indexOf("/");
  if (cut === -1) return { siteId: null, accountId: text as AccountId };
  return { siteId: text.slice(0, cut) as SiteId, accountId: text.slice(cut + 1) as AccountId };
}
