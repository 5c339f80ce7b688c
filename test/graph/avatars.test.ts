import { expect, it } from "vitest";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human } from "../support/worlds.js";

it("a picture comes with the calls that tell names, and is on the site's own host", async () => {
  await using stack = await startSites([
    { id: "a", world: cloudWorld({ accounts: [human(1), human(2)] }), credential: "oauth" },
    { id: "dc", world: smallDataCenterWorld("10.2.0"), credential: "personal-access-token" },
  ]);
  const pathOf = { a: /\/users-bulk$|\/search\/user$/, dc: /\/rest\/api\/user/ };
  const ask = async (field: string) => {
    for (const id of ["a", "dc"]) await stack.forgetCalls(id);
    const { data, errors } = await stack.query(
      `{ accounts { nodes { siteId accountId ${field} } } }`,
      {},
      { "cache-control": "no-cache" },
    );
    expect(errors).toBeUndefined();
    const calls = Object.entries(pathOf).map(([id, path]) => {
      return stack.countCalls(id, "GET", path) + stack.countCalls(id, "POST", path);
    });
    return { nodes: data.accounts.nodes, calls };
  };
  const named = await ask("displayName");
  const { nodes, calls } = await ask("avatarUrl");
  expect(calls).toEqual(named.calls);
  const pictureOf = (id: string) => nodes.find(({ accountId }: { accountId: string }) => accountId === id).avatarUrl;
  const { url, dataCenter } = stack.sandboxOf("a");
  expect(pictureOf(human(1).accountId)).toBe(`${url}/wiki/aa-avatar/${encodeURIComponent(human(1).accountId)}`);
  expect(dataCenter).toBeNull();
  const site = stack.sandboxOf("dc").dataCenter?.url ?? "";
  expect(site).toMatch(/\/confluence$/);
  expect(pictureOf(dcUsers.ben)).toBe(`${site}/images/icons/profilepics/default.svg`);
});
