import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareText } from "../../src/domain/textOrder.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type List, walk } from "./walkPages.js";

const names = ["zebra", "Zebra", "ähre", "Ähre", "a", "A", "a b", "😀", "ﬁ", "10", "9"];
const day = (number: number) => `2024-01-${String(number).padStart(2, "0")}T00:00:00.000Z`;
/** Names that both sites have, in another order on each. */
const worldOf = (cloudId: string, shift: number) => {
  const named = (index: number) => names[(index + shift) % names.length] ?? "";
  const accounts = names.map((_, index) => ({ ...human(index + 1 + shift), displayName: named(index) }));
  return cloudWorld({
    ...{ cloudId, accounts },
    groups: names.map((_, index) => ({ id: `${cloudId}-g${index}`, name: `${named(index)} ${cloudId}`, members: [] })),
    spaces: names.map((_, index) => ({
      ...space(index + 1 + shift),
      ...{ name: named(index), createdAt: day(((index * 7) % names.length) + 1) },
    })),
  });
};

const folded = (text: string) => text.toLowerCase();
const facts = {
  accounts: { ID: "accountId", DISPLAY_NAME: "displayName" },
  groups: { ID: "groupId", NAME: "name" },
  spaces: { ID: "spaceId", NAME: "name", KEY: "key", CREATED_AT: "createdAt" },
} as const;
const ids = { accounts: "accountId", groups: "groupId", spaces: "spaceId" } as const;
type Lists = keyof typeof facts;
const orders = Object.entries(facts).flatMap(([list, fields]) =>
  Object.entries(fields).map(([field, fact]) => ({ list: list as Lists, field, fact })),
);

let sites: Awaited<ReturnType<typeof startSites>>;
beforeAll(async () => {
  sites = await startSites([
    { id: "a", world: worldOf("cloud-a", 0), credential: "api-token" },
    { id: "b", world: worldOf("cloud-b", 4), credential: "api-token" },
    { id: "dc", world: smallDataCenterWorld("10.2.0"), credential: "personal-access-token" },
  ]);
});
afterAll(() => sites[Symbol.asyncDispose]());

interface Shown {
  readonly id: string;
  readonly siteId: string;
  readonly of: string;
  readonly fact: string | null;
}

async function whole(list: Lists, fact: string, args = ""): Promise<Shown[]> {
  const { data, errors } = await sites.query(
    `{ ${list}(first: 1000 ${args}) { nodes { id siteId of: ${ids[list]} fact: ${fact} } } }`,
  );
  expect(errors).toBeUndefined();
  return data[list].nodes;
}

describe("a list of several sites in an order", () => {
  it.each(orders)("of $list by $field is whole, ordered among all sites, and turned round by DESC", async (order) => {
    const { list, field, fact } = order;
    const keyOf = ({ of, siteId, fact: value }: Shown) =>
      [field === "ID" ? "" : value === null ? "1" : `0${folded(value)}`, of, siteId].join("\u0000");
    const usual = await whole(list, fact);
    const expected = [...usual].sort((left, right) => compareText(keyOf(left), keyOf(right))).map(({ id }) => id);
    expect(new Set(usual.map(({ siteId }) => siteId))).toEqual(new Set(["a", "b", "dc"]));
    for (const direction of ["ASC", "DESC"]) {
      const inOrder = direction === "ASC" ? expected : [...expected].reverse();
      const args = `orderBy: { field: ${field}, direction: ${direction} }`;
      const asked: List = { parents: [], field: list, args, key: "id" };
      expect((await whole(list, fact, args)).map(({ id }) => id)).toEqual(inOrder);
      expect(await walk(sites, asked, 11)).toEqual(inOrder);
      expect(await walk(sites, { ...asked, args: `${args}, filter: { text: "a" }` }, 11)).toEqual(
        (await whole(list, fact, `filter: { text: "a" }`))
          .map(({ id }) => id)
          .sort((left, right) => inOrder.indexOf(left) - inOrder.indexOf(right)),
      );
    }
  });

  it("is the same list of one site", async () => {
    const { data, errors } = await sites.query(`{ site(siteId: "a") {
      accounts(orderBy: { field: DISPLAY_NAME, direction: DESC }) { nodes { displayName } }
      groups(orderBy: { field: NAME }) { nodes { name } }
      spaces(orderBy: { field: CREATED_AT, direction: null }) { nodes { createdAt } } } }`);
    expect(errors).toBeUndefined();
    const { accounts, groups, spaces } = data.site;
    const sorted = (texts: readonly string[]) => [...texts].sort((left, right) => compareText(left, right));
    const told = accounts.nodes.map(({ displayName }: { displayName: string }) => folded(displayName));
    expect(told).toEqual(sorted(names.map(folded)).reverse());
    const groupNames = groups.nodes.map(({ name }: { name: string }) => folded(name));
    expect(groupNames).toEqual(sorted(groupNames));
    expect(groupNames).toHaveLength(names.length);
    expect(spaces.nodes.map(({ createdAt }: { createdAt: string }) => createdAt)).toEqual(
      names.map((_, index) => day(index + 1)),
    );
  });

  it("has cursors of its own: those of another order, another direction and of none are refused", async () => {
    const cursorOf = async (args: string) =>
      (await sites.query(`{ spaces(first: 2 ${args}) { pageInfo { endCursor } } }`)).data.spaces.pageInfo.endCursor;
    const ordered = "orderBy: { field: NAME }";
    const cursors = [await cursorOf(""), await cursorOf("orderBy: { field: KEY }"), await cursorOf(ordered)];
    const others = ["orderBy: { field: NAME, direction: DESC }", "orderBy: { field: CREATED_AT }"];
    for (const [args, after] of [
      ...others.map((other) => [other, cursors[2]]),
      ...cursors.slice(0, 2).map((each) => [ordered, each]),
      ["", cursors[2]],
    ]) {
      const { errors } = await sites.query(`{ spaces(first: 2 after: "${after}" ${args}) { totalCount } }`);
      expect(errors?.map(({ extensions }) => extensions.reason ?? extensions.code)).toEqual(["CURSOR_OF_ANOTHER_LIST"]);
    }
    const same = await sites.query(
      `{ spaces(first: 2 after: "${cursors[2]}" orderBy: { field: NAME, direction: ASC }) { totalCount } }`,
    );
    expect(same.errors).toBeUndefined();
  });

  it("holds its cursor while groups come and go, and shows nobody twice", async () => {
    const { email, apiToken } = sites.sandboxOf("a").credentials.basic;
    const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    const change = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization, "content-type": "application/json" };
      const url = `${sites.sandboxOf("a").url}/wiki/rest/api/group${path}`;
      expect((await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) })).ok).toBe(
        true,
      );
    };
    const list: List = { parents: [], field: "groups", args: "orderBy: { field: NAME, direction: DESC }", key: "name" };
    const before = await walk(sites, list, 1_000);
    const seen = await walk(sites, list, 5, async (pagesRead) => {
      await change("POST", "", { name: `😁 made ahead ${pagesRead}` });
      await change("POST", "", { name: `!! made behind ${pagesRead}` });
      if (pagesRead === 1) await change("DELETE", "/by-id?id=cloud-a-g4");
    });
    expect(new Set(seen).size).toBe(seen.length);
    const made = seen.filter((name) => name.includes("made"));
    expect(made.length).toBeGreaterThan(1);
    expect(made.filter((name) => name.startsWith("😁"))).toEqual([]);
    expect(seen.filter((name) => !name.includes("made"))).toEqual(before.filter((name) => name !== "a cloud-a"));
  });

  it("costs what is known of everybody once, by name, and nothing more of all others", async () => {
    await using stack = await startSites([
      { id: "a", world: worldOf("cloud-a", 0), credential: "api-token" },
      { id: "dc", world: smallDataCenterWorld("10.2.0"), credential: "personal-access-token" },
    ]);
    const callsFor = async (document: string) => {
      for (const id of ["a", "dc"]) await stack.forgetCalls(id);
      expect((await stack.query(document)).errors).toBeUndefined();
      return ["a", "dc"].flatMap((id) =>
        stack
          .sandboxOf(id)
          .journal()
          .map(({ method, path }) => `${method} ${path}`),
      );
    };
    const listed = await callsFor("{ accounts { totalCount } groups { totalCount } spaces { totalCount } }");
    expect(listed.length).toBeGreaterThan(0);
    const byOther = "accounts(orderBy: { field: ID }) { totalCount } groups(orderBy: { field: NAME }) { totalCount }";
    expect(await callsFor(`{ ${byOther} spaces(orderBy: { field: CREATED_AT }) { totalCount } }`)).toEqual([]);
    // The list of users has told the names on Data Center; on Cloud `users-bulk` tells those of 250 accounts.
    const byName = await callsFor("{ accounts(orderBy: { field: DISPLAY_NAME }) { totalCount } }");
    expect(byName).toEqual(["POST /wiki/api/v2/users-bulk"]);
    expect(await callsFor("{ accounts(orderBy: { field: DISPLAY_NAME, direction: DESC }) { totalCount } }")).toEqual(
      [],
    );
  });

  it("says so where names could not be read, and loses nobody", async () => {
    const stranger = "712020:in-no-search";
    const world = cloudWorld({
      accounts: [human(1), { ...human(2), accountId: stranger, productRoles: [] }],
      spaces: [space(1, { permissions: [permission("user", stranger)] })],
    });
    await using stack = await startSites([{ id: "a", world, credential: "api-token" }]);
    await stack.fail("a", { match: "POST /wiki/api/v2/users-bulk", status: 403, times: -1 });
    const { data } = await stack.query(
      "{ accounts(orderBy: { field: DISPLAY_NAME }) { totalCount nodes { accountId } completeness { gaps { missing code } } } }",
    );
    expect(data.accounts).toEqual({
      totalCount: null,
      nodes: [{ accountId: human(1).accountId }, { accountId: stranger }],
      completeness: {
        gaps: [{ missing: "where accounts stand whose names could not be read (1 such)", code: "UPSTREAM_FORBIDDEN" }],
      },
    });
  });
});
