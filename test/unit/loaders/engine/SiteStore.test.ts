import { expect, it } from "vitest";
import { TtlCache } from "../../../../src/cache/TtlCache.js";
import type { AccountId } from "../../../../src/domain/ids.js";
import { account } from "../../../../src/loaders/accounts.js";
import { onlyOne } from "../../../../src/loaders/engine/LoaderDeclaration.js";
import { groupList } from "../../../../src/loaders/groups.js";
import { parseWorld } from "../../../../src/sandbox/world/loadWorld.js";
import { startWatchedSandbox } from "../../../support/deadFaults.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { serveTestSite } from "../../../support/serveTestSite.js";
import { cloudWorld, human } from "../../../support/worlds.js";

it("does not serve what one credential read to another of the same site, though they share a cache", async () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "Designers", members: [] }] });
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const clock = new ManualClock();
  const cache = new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock });
  const storeWith = (apiToken: string) =>
    serveTestSite({ url: sandbox.url, email: sandbox.credential.email, apiToken, clock, cache }).store;
  const trusted = storeWith(sandbox.credential.apiToken);
  const stranger = storeWith("another-token-of-the-same-site");
  try {
    expect((await trusted.read(groupList, onlyOne))?.items).toHaveLength(1);
    expect(await trusted.read(account, human(1).accountId as AccountId)).toMatchObject({ displayName: "Human 1" });
    await expect(stranger.read(groupList, onlyOne)).rejects.toMatchObject({ kind: "CredentialRejected" });
    await expect(stranger.read(account, human(1).accountId as AccountId)).rejects.toMatchObject({
      kind: "CredentialRejected",
    });
    // Nor is the refusal remembered for the one who may read.
    expect((await trusted.read(groupList, onlyOne))?.items).toHaveLength(1);
  } finally {
    await Promise.all([trusted.site.close(), stranger.site.close()]);
    await sandbox.close();
  }
});

it("tells of all that it handed out as somebody else that it does not count any more", async () => {
  const world = cloudWorld({ accounts: [human(1)], groups: [{ id: "g-1", name: "Designers", members: [] }] });
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const { email, apiToken } = sandbox.credential;
  const clock = new ManualClock();
  const { store } = serveTestSite({ url: sandbox.url, email, apiToken, clock });
  try {
    await store.read(groupList, onlyOne);
    await clock.advance(1_000);
    const sinceMs = clock.now();
    await store.read(account, human(1).accountId as AccountId);
    const handedOut = [
      store.of(groupList).peekDated(onlyOne, 0),
      store.of(account).peekDated(human(1).accountId as AccountId, 0),
    ];
    store.distrust(sinceMs);
    expect(handedOut.map((entry) => entry?.isCurrent)).toEqual([true, false]);
  } finally {
    await store.site.close();
    await sandbox.close();
  }
});
