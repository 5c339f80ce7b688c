import { describe, expect, it } from "vitest";
import { dcGroups, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";

interface Shown {
  readonly isRevocable: boolean;
  readonly irrevocableReason: string | null;
  readonly principal: { readonly __typename: string; readonly groupId?: string; readonly classId?: string };
}

const document = `{
  spaces(filter: { keys: ["DOCS"] }) { nodes { grants(first: 100) { nodes {
    isRevocable irrevocableReason
    principal { __typename ... on Group { groupId } ... on AccessClass { classId } }
  } } } }
  a: group(name: "a") { grants { nodes { isRevocable irrevocableReason entitlement { __typename } } } }
  b: group(name: "b") { grants(filter: { entitlements: [GROUP_MEMBERSHIP] }) { nodes { isRevocable irrevocableReason } } }
  siteWide: grants(filter: { entitlements: [SITE_PERMISSION] }) { nodes { isRevocable irrevocableReason } }
}`;

describe("whether a grant of a Data Center can be revoked", () => {
  it.each([
    // By JSON-RPC a name is no part of an address.
    ["8.3.0", "docs/web", true],
    ["10.2.0", "docs/web", false],
  ])("is told by whom it is held by: %s, group %s: %s", async (version, slash, isRevocable) => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const { data } = await stack.query(document);
    const grants: readonly Shown[] = data.spaces.nodes[0].grants.nodes;
    const of = (name: string) =>
      grants.filter(({ principal }) => principal.groupId === name || principal.classId === name);
    for (const grant of of(slash)) {
      expect(grant).toMatchObject({ isRevocable, irrevocableReason: isRevocable ? null : "NOT_ADDRESSABLE" });
    }
    expect(of(slash)).toHaveLength(2);
    expect(of("anonymous-users")).toMatchObject([{ isRevocable: true }]);
    expect(of(dcGroups.users).every((grant) => grant.isRevocable)).toBe(true);
    for (const grant of of("unlicensed")) expect(grant.irrevocableReason).toBe("NOT_ADDRESSABLE");
    expect(of("unlicensed")).toHaveLength(version === "8.3.0" ? 0 : 2);
  });

  it("is told of groups in groups, and of the site as a whole, as no", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld() });
    const { data } = await stack.query(document);
    expect(data.b.grants.nodes).toEqual([{ isRevocable: false, irrevocableReason: "NESTING_NOT_WRITABLE" }]);
    expect(data.siteWide.nodes.length).toBeGreaterThan(0);
    for (const grant of data.siteWide.nodes) expect(grant.irrevocableReason).toBe("SITE_WIDE");
    expect(data.a.grants.nodes.every(({ isRevocable }: Shown) => isRevocable)).toBe(true);
  });
});
