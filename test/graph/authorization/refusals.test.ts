import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "../../../src/domain/Scope.js";
import type { GraphAnswer } from "../../support/sendQuery.js";
import { startSites } from "../../support/startSites.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

/** One token for each way of holding scopes, named by it. */
const holdings: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(scopes.map((scope) => [scope, [scope]])),
  all: scopes,
  "read of one": ["read@one", "read:personal@one", "audit@one"],
  "read of both, in person of one": ["read", "read:personal@one"],
  "all but personal": scopes.filter((scope) => scope !== "read:personal"),
};
const folder = mkdtempSync(join(tmpdir(), "scopes-"));
const file = join(folder, "callers.json");
const tokenOf = (name: string) => `token-of-${createHash("sha256").update(name).digest("hex")}`;

writeFileSync(
  file,
  JSON.stringify({
    callers: Object.entries(holdings).map(([name, held]) => ({
      name: name.replace(/[^a-z]/g, "-"),
      token: `sha256:${createHash("sha256").update(tokenOf(name)).digest("hex")}`,
      scopes: held,
    })),
  }),
);

const world = cloudWorld({
  accounts: [1, 2, 3].map(human),
  groups: [{ id: "g-1", name: "readers", members: [human(1).accountId, human(2).accountId] }],
  spaces: [space(1, { permissions: [permission("group", "g-1"), permission("user", human(1).accountId)] })],
});

let sites: Awaited<ReturnType<typeof startSites>>;

beforeAll(async () => {
  sites = await startSites(
    ["one", "two"].map((id) => ({ id, world, credential: "api-token", hasOrganization: false }) as const),
    { CALLERS_FILE: file },
  );
});

afterAll(async () => {
  await sites[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function ask(name: string, document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<GraphAnswer> {
  return sites.query(document, variables, { authorization: `Bearer ${tokenOf(name)}` });
}

const refusals = ({ errors = [] }: GraphAnswer) =>
  errors
    .filter(({ extensions }) => extensions.code === "FORBIDDEN")
    .map(({ path, extensions }) => [path?.join(".") ?? null, extensions.scope ?? null, extensions.siteId ?? null]);

describe("a field that the caller may not ask for", () => {
  it("is null in every row, with one error for the field of the document, and the fields beside it are answered", async () => {
    const document = '{ accounts(siteId: "one") { nodes { displayName email address: email } } }';
    for (const round of ["by Apollo", "known before"]) {
      const answer = await ask("read", document);
      expect([round, answer.data.accounts.nodes]).toEqual([
        round,
        [1, 2, 3].map((number) => ({ displayName: `Human ${number}`, email: null, address: null })),
      ]);
      expect([round, ...refusals(answer)]).toEqual([
        round,
        ["accounts.nodes.0.email", "read:personal", null],
        ["accounts.nodes.0.address", "read:personal", null],
      ]);
      expect(answer.errors).toHaveLength(2);
    }
    const whole = await ask("all", document);
    expect(whole.errors).toBeUndefined();
    expect(whole.data.accounts.nodes[0].email).toBe("human-1@example.com");
  });

  it("is told also where no row of the answer came to it", async () => {
    const document = '{ accounts(siteId: "one", filter: { kinds: [GUEST] }) { nodes { lastActiveAt } } }';
    const answer = await ask("read", document);
    expect(answer.data.accounts.nodes).toEqual([]);
    expect(refusals(answer)).toEqual([[null, "read:personal", null]]);
  });

  it("is refused at the root by every kind of caller that lacks its scope, and answered to the others", async () => {
    const fields: Readonly<Record<string, readonly [string, string]>> = {
      accounts: ["read", "accounts { pageInfo { hasNextPage } }"],
      changes: ["audit", "changes { pageInfo { hasNextPage } }"],
      recordEntries: ["audit", 'recordEntries(siteId: "one") { siteId }'],
      identity: ["read", 'identity(atlassianAccountId: "x") { atlassianAccountId }'],
    };
    const document = `{ __typename _service { sdl } ${Object.values(fields)
      .map(([, text]) => text)
      .join(" ")} }`;
    for (const scope of scopes) {
      const answer = await ask(scope, document);
      expect(answer.data._service.sdl).toContain("type Account");
      for (const [name, [needed]] of Object.entries(fields)) {
        expect([scope, name, answer.data[name] !== null]).toEqual([scope, name, scope === needed]);
      }
      const expected = Object.entries(fields).filter(([, [needed]]) => needed !== scope);
      expect(refusals(answer).map(([path]) => path)).toEqual(expected.map(([name]) => name));
    }
  });

  it("is refused by a mutation before anything is read or written, also in a dry run", async () => {
    await sites.forgetCalls("one");
    const input = `{ group: "${idOf(["Group", "one", "g-1"])}", accounts: ["${idOf(["Account", "one", human(3).accountId])}"], dryRun: true }`;
    const document = `mutation { grantGroupMembership(input: ${input}) { userErrors { code } changes { outcome } } }`;
    for (const scope of scopes.filter((each) => each !== "grant")) {
      const answer = await ask(scope, document);
      expect([scope, answer.data]).toEqual([scope, { grantGroupMembership: null }]);
      expect(refusals(answer)).toEqual([["grantGroupMembership", "grant", null]]);
    }
    expect(sites.sandboxOf("one").journal()).toEqual([]);
  });

  it("refuses an address to look for, in a filter and by reference, and finds nobody by a part of one", async () => {
    const email = human(2).email;
    const identity = await ask("all but personal", `{ identity(email: "${email}") { email } }`);
    expect([identity.data, ...refusals(identity)]).toEqual([{ identity: null }, ["identity", "read:personal", null]]);
    const references = [
      { __typename: "Identity", email },
      { __typename: "Identity", atlassianAccountId: human(2).accountId },
      { __typename: "Identity", email: human(1).email },
    ];
    const document =
      "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Identity { accounts { nodes { displayName } } } } }";
    const joined = await ask("all but personal", document, { of: references });
    expect(joined.data._entities).toEqual([
      null,
      { accounts: { nodes: [{ displayName: "Human 2" }, { displayName: "Human 2" }] } },
      null,
    ]);
    expect(refusals(joined)).toEqual([["_entities.0", "read:personal", null]]);
    const byText = '{ accounts(siteId: "one", filter: { text: "human-2@exam" }) { totalCount } }';
    expect((await ask("all but personal", byText)).data).toEqual({ accounts: { totalCount: 0 } });
    expect((await ask("all", byText)).data).toEqual({ accounts: { totalCount: 1 } });
  });

  it("is refused in each operation of a batch by itself", async () => {
    const response = await fetch(sites.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${tokenOf("audit")}` },
      body: JSON.stringify([{ query: "{ sites { siteId } }" }, { query: "{ changes { totalCount } }" }]),
    });
    const [first, second] = (await response.json()) as GraphAnswer[];
    expect([first?.data, second?.data.changes !== null]).toEqual([{ sites: null }, true]);
    expect(second?.errors).toBeUndefined();
  });
});

describe("a scope that is held on one site of two", () => {
  it("answers lists of that site, and the other is a declared gap of lists over both", async () => {
    const answer = await ask(
      "read of one",
      "{ accounts { totalCount nodes { siteId } completeness { isComplete gaps { missing code } } } sites { siteId } }",
    );
    expect(new Set(answer.data.accounts.nodes.map(({ siteId }: { siteId: string }) => siteId))).toEqual(
      new Set(["one"]),
    );
    expect(answer.data.accounts.completeness).toMatchObject({
      isComplete: false,
      gaps: [{ missing: "accounts of site two", code: "FORBIDDEN" }],
    });
    expect(answer.data.sites).toEqual([{ siteId: "one" }]);
    expect(refusals(answer)).toEqual([["sites", null, null]]);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "FORBIDDEN", places: 1 });
  });

  it("lists changes of that site, and the other is a declared gap", async () => {
    const answer = await ask("read of one", "{ changes { totalCount completeness { gaps { missing code } } } }");
    expect(answer.data.changes.completeness.gaps).toEqual([{ missing: "changes of site two", code: "FORBIDDEN" }]);
  });

  it.each([
    ["a site", '{ site(siteId: "two") { siteId } }', "site"],
    ["a list", '{ spaces(siteId: "two") { totalCount } }', "spaces"],
    ["a space", `{ space(id: "${idOf(["Space", "two", "1001"])}") { name } }`, "space"],
    ["an account", `{ account(siteId: "two", accountId: "${human(1).accountId}") { displayName } }`, "account"],
    ["a grant", `{ grant(id: "${idOf(["Grant", "two", "m", "g-1", human(1).accountId])}") { id } }`, "grant"],
    ["its changes", '{ changes(siteId: "two") { totalCount } }', "changes"],
    ["its record", '{ recordEntries(siteId: "two") { siteId } }', "recordEntries"],
  ])("refuses %s of the other", async (_case, document, field) => {
    const answer = await ask("read of one", document);
    expect(answer.data).toEqual({ [field]: null });
    expect(refusals(answer)).toMatchObject([[field, expect.any(String), "two"]]);
  });

  it("refuses references to the other with one error, and answers those to its own", async () => {
    const of = ["two", "one", "two"].map((siteId) => ({ __typename: "Space", siteId, key: "S1" }));
    const document = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Space { name } } }";
    const answer = await ask("read of one", document, { of });
    expect(answer.data._entities).toEqual([null, { name: "Space 1" }, null]);
    expect(refusals(answer)).toEqual([["_entities.0", "read", "two"]]);
  });

  it("shows what is personal on that site alone, and looks addresses up there alone", async () => {
    const name = "read of both, in person of one";
    const rows = await ask(name, "{ accounts { nodes { siteId email } } }");
    const seen = rows.data.accounts.nodes.map((row: { siteId: string; email: string | null }) => [
      row.siteId,
      row.email !== null,
    ]);
    expect(new Set(seen.map(String))).toEqual(new Set(["one,true", "two,false"]));
    expect(refusals(rows)).toEqual([["accounts.nodes.3.email", "read:personal", "two"]]);
    const person = await ask(
      name,
      `{ identity(email: "${human(2).email}") { accounts { nodes { siteId } completeness { gaps { missing } } } } }`,
    );
    expect(person.data.identity.accounts).toMatchObject({
      nodes: [{ siteId: "one" }],
      completeness: { gaps: [{ missing: "accounts of this person of site two" }] },
    });
  });
});

function idOf(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}
