import { describe, expect, it } from "vitest";
import {
  enumerateAccess,
  enumeratePrincipals,
  enumerateSpaces,
  residualAccess,
} from "../../src/access/evaluateAccess.js";
import { resolveAccount } from "../../src/access/ResolvedAccount.js";
import { indexSite } from "../../src/access/SiteFacts.js";
import { indexSpace } from "../../src/access/SpaceFacts.js";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { accountOf, ask, factsOf, gap, operation, pathText, type Scene, siteOf, spaceOf } from "./scene.js";

function listed(scene: Scene): string[] {
  return enumerateAccess(factsOf(scene)).items.map(
    ({ operation: { key, target }, decision }) => `${key}/${target} ${decision}`,
  );
}

describe("what an account can do in a space", () => {
  it("lists every operation that some grant gives it, with its decision", () => {
    expect(
      listed({
        groups: ["staff"],
        grants: ["group:staff role:editor", "class:new-class export/space", "account:bob administer/space"],
        roles: { editor: ["read/space", "create/page"] },
      }),
    ).toEqual(["create/page ALLOWED", "export/space UNKNOWN", "read/space ALLOWED"]);
  });

  it("lists what is held in vain as DENIED", () => {
    expect(listed({ grants: ["account create/page", "account:bob read/space"] })).toEqual(["create/page DENIED"]);
  });

  it("declares the gap behind which further operations may be", () => {
    const { items, gaps } = enumerateAccess(factsOf({ grants: ["account read/space"], grantGaps: [gap("grants")] }));
    expect(items.map(({ decision }) => decision)).toEqual(["ALLOWED"]);
    expect(gaps.map(({ missing }) => missing)).toEqual(["grants"]);
  });

  it("does not report a space whose grants could not be read as one without access", () => {
    const { items, gaps } = enumerateAccess(factsOf({ grantGaps: [gap("grants")] }));
    expect(items.map(({ decision }) => decision)).toEqual(["UNKNOWN"]);
    expect(gaps).toHaveLength(1);
  });

  it("lists reading for a super user of a space that grants nothing", () => {
    expect(listed({ isDataCenter: true, groups: ["confluence-administrators"] })).toEqual(["read/space ALLOWED"]);
  });
});

describe("an account's own list of groups", () => {
  it("is believed when it names a group that cannot be found by id", () => {
    const scene: Scene = { goneGroups: ["ghosts"], groups: ["ghosts"], grants: ["group:ghosts read/space"] };
    const { decision, paths, assumptions } = ask(scene);
    expect([decision, paths.map(pathText), assumptions]).toEqual(["ALLOWED", ["ghosts > read/space"], []]);
  });

  it("hides any group where it was not read, but none that holds nothing", () => {
    const unread: Scene = { groupGaps: [gap("groups")], grants: ["group:staff read/space"] };
    expect(ask(unread).gaps.map(({ missing }) => missing)).toEqual(["groups"]);
    expect(ask(unread, "create/page").decision).toBe("DENIED");
  });
});

describe("who can, and where", () => {
  const scene: Scene = {
    grants: ["group:staff read/space", "account:bob read/space", "class:all-licensed-users read/space"],
  };
  const site = indexSite(siteOf(scene));
  const account = (id: string, parts: Scene) =>
    resolveAccount({ ...accountOf(parts), accountId: id as AccountId }, site);

  it("leaves out who surely cannot, and keeps who may", () => {
    const found = enumeratePrincipals(
      indexSpace(spaceOf({ grants: ["group:staff read/space", "account:bob read/space"] })),
      [
        account("ann", {}),
        account("bob", {}),
        account("cy", { groups: ["staff"] }),
        account("di", { groupGaps: [gap("groups")] }),
        account("ed", { groups: ["staff"], account: { status: "SUSPENDED" } }),
      ],
      operation("read/space"),
    );
    expect([...found].map(({ accountId, decision }) => `${accountId} ${decision}`)).toEqual([
      "bob ALLOWED",
      "cy ALLOWED",
      "di UNKNOWN",
    ]);
  });

  it("counts an access-class grant as access for every member of that class", () => {
    const found = enumeratePrincipals(
      indexSpace(spaceOf(scene)),
      [account("ann", {}), account("guest", { account: { kind: "GUEST" } }), account("zoe", {})],
      operation("read/space"),
    );
    expect([...found].map(({ accountId }) => accountId)).toEqual(["ann", "zoe"]);
  });

  it("finds the spaces of one account", () => {
    const spaces = [["account read/space"], [], ["class:new-class read/space"]].map((grants, index) =>
      indexSpace({ ...spaceOf({ grants }), spaceId: String(index) as SpaceId }),
    );
    const found = enumerateSpaces(account("ann", {}), spaces, operation("read/space"));
    expect([...found].map(({ spaceId, decision }) => `${spaceId} ${decision}`)).toEqual(["0 ALLOWED", "2 UNKNOWN"]);
  });
});

describe("what remains after a revocation", () => {
  const before = ["read/space", "create/page"].map(operation);

  it("shows the paths that a revoked direct grant leaves", () => {
    const after = factsOf({ groups: ["staff"], grants: ["group:staff read/space", "account create/page"] });
    const residual = residualAccess(after, before);
    expect(residual.items.map(({ paths }) => paths.map(pathText))).toEqual([
      ["staff > read/space"],
      ["account > create/page"],
    ]);
    expect(residual.gaps).toEqual([]);
  });

  it("is empty and whole when the access has ended", () => {
    expect(residualAccess(factsOf({ grants: ["group:staff read/space"] }), before)).toMatchObject({
      items: [],
      gaps: [],
    });
  });

  it("counts what is left without the read it needs as ended", () => {
    expect(residualAccess(factsOf({ grants: ["account create/page"] }), before).items).toEqual([]);
  });

  it("does not call access ended that a gap may still hide", () => {
    const residual = residualAccess(
      factsOf({ groupGaps: [gap("groups")], grants: ["group:staff read/space"] }),
      before,
    );
    expect(residual.items.map(({ decision }) => decision)).toEqual(["UNKNOWN"]);
  });

  it("declares the gap even when nothing was known before", () => {
    const residual = residualAccess(factsOf({ grantGaps: [gap("grants")] }), []);
    expect(residual).toMatchObject({ items: [], gaps: [{ missing: "grants" }] });
  });

  it("looks at everything the space knows when it is not told what was there before", () => {
    const residual = residualAccess(factsOf({ grants: ["account read/space", "account create/page"] }));
    expect(residual.items.map(({ operation: { key } }) => key)).toEqual(["create", "read"]);
  });
});
