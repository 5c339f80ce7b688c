import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
  spaces: [space(1)],
});

type Stack = Awaited<ReturnType<typeof startProvisioning>>;

const changesOf = (stack: Stack, count: number) => {
  const ids = idsOf(stack.siteId);
  const revokeGroupMembership = { group: ids.group("g-team"), account: ids.account(2) };
  return Array.from({ length: count }, () => ({ revokeGroupMembership }));
};

const apply =
  "applyAccessChanges(input: { changes: $changes, dryRun: true }) { changes { outcome } userErrors { code field } }";
const refusal = { changes: [], userErrors: [{ code: "TOO_MANY_CHANGES", field: [] }] };

describe("the bound on the changes of one HTTP request", () => {
  it("refuses 350 aliased mutations of 200 changes before anything is read, dry runs too", async () => {
    await using stack = await startProvisioning(world);
    await stack.forgetCalls();
    const aliases = Array.from({ length: 350 }, (_, index) => `m${index}: ${apply}`).join("\n");
    const { data, errors } = await stack.query(`mutation ($changes: [AccessChangeInput!]!) { ${aliases} }`, {
      changes: changesOf(stack, 200),
    });
    expect(errors).toBeUndefined();
    expect(Object.values(data)).toEqual(Array.from({ length: 350 }, () => refusal));
    expect(stack.calls().filter((call) => !call.includes("user/current"))).toEqual([]);
  });

  it("holds over fields of every kind, and every payload says it", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const { data, errors } = await stack.query(
      `mutation ($changes: [AccessChangeInput!]!, $account: ID!, $group: ID!, $space: ID!, $isThere: Boolean!) {
        ... { ...Most }
        suspendAccount(input: { account: $account }) { outcome plan affectedResources userErrors { code } account { id } }
        left: createGroup(input: { name: "x" }) @include(if: $isThere) { outcome }
      }
      fragment Most on Mutation {
        ${apply}
        grantSpaceAccess(input: { space: $space, principal: $account, permissions: [] }) {
          outcome plan userErrors { code } principal { __typename } resource { __typename } grants { id }
        }
        deleteGroup(input: { group: $group }) { outcome plan userErrors { code } group { id } }
        updateAccount(input: { account: $account, displayName: "x" }) { outcome userErrors { code } }
        provisionAccount(input: { siteId: "${stack.siteId}", email: "a@example.com" }) { outcome userErrors { code } changes { outcome } account { id } }
      }`,
      {
        ...{ changes: changesOf(stack, 196), account: ids.account(1), group: ids.group("g-team"), space: ids.space(1) },
        isThere: false,
      },
    );
    expect(errors).toBeUndefined();
    const payloads = Object.values(data) as { outcome?: string; userErrors: { code: string }[] }[];
    expect(payloads.map(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
      Array.from({ length: 6 }, () => ["TOO_MANY_CHANGES"]),
    );
    expect(stack.writes()).toEqual([]);
  });

  it("takes 200 in several fields, counting one that is asked for twice once, and those left out not at all", async () => {
    await using stack = await startProvisioning(world);
    const { data } = await stack.query(
      `mutation ($changes: [AccessChangeInput!]!, $isThere: Boolean!) { a: ${apply} b: ${apply} b: ${apply} c: ${apply.replace("{ changes {", "@include(if: $isThere) { changes {")} }`,
      { changes: changesOf(stack, 100), isThere: false },
    );
    expect([data.a.changes.length, data.b.changes.length, data.c]).toEqual([100, 100, undefined]);
  });

  it("holds over the operations of a batch: what does not fit any more is refused whole", async () => {
    await using stack = await startProvisioning(world);
    const operation = {
      query: `mutation ($changes: [AccessChangeInput!]!) { ${apply} }`,
      variables: { changes: changesOf(stack, 150) },
    };
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([operation, operation, { ...operation, variables: { changes: changesOf(stack, 50) } }]),
    });
    const answers = (await response.json()) as {
      data: { applyAccessChanges: { changes: unknown[]; userErrors: unknown[] } };
    }[];
    expect(
      answers.map(({ data }) => [data.applyAccessChanges.changes.length, data.applyAccessChanges.userErrors]),
    ).toEqual([
      [150, []],
      [0, refusal.userErrors],
      [50, []],
    ]);
  });
});
