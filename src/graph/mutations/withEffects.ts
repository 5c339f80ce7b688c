import type { WhatChanged } from "../../domain/Change.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { AskedChange } from "../../provisioning/Change.js";
import type { GraphContext } from "../schema/GraphContext.js";

/** What this request read before its changes must not answer for them afterwards, of no site that they reach. */
export async function withEffects<T>({ sites }: GraphContext, work: () => Promise<T>): Promise<T> {
  const told = new Set([...sites.values()].map(({ store }) => store.changes));
  const stops = [...told].map((changes) => changes.subscribe((event, reached) => sites.get(reached)?.forget(event)));
  try {
    return await work();
  } finally {
    for (const stop of stops) stop();
  }
}

/** What was asked to change was read anew, also where nothing had to be sent: this request looks at that, not at what it knew. */
export function forgetSettled(loaders: SiteLoaders, settled: readonly WhatChanged[]): void {
  const { siteId } = loaders.site;
  for (const what of settled) loaders.forget({ ...what, siteId, isSeen: true });
}

export function settledBy(change: AskedChange): WhatChanged {
  return "groupId" in change
    ? { kind: "membershipChanged", groupId: change.groupId, accountId: change.accountId }
    : { kind: "spaceGrantsChanged", spaceId: change.spaceId };
}
