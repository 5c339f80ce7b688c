import { describe, expect, it } from "vitest";
import { ask, gap } from "./scene.js";
import { table } from "./table.js";

const third = gap("members of group staff after the first 400");
const classGap = (id: string) => `whether account ann belongs to the access class ${id}`;

describe("rule 1: three values", () => {
  table([
    {
      name: "reports UNKNOWN when the third member page fails, though two pages matched",
      scene: { unreadGroups: { staff: [third] }, grants: ["group:staff read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: [third.missing],
    },
    {
      name: "allows an account that was seen in a member list, though the list broke off later",
      scene: { groups: ["staff"], unreadGroups: { staff: [third] }, grants: ["group:staff read/space"] },
      expected: "ALLOWED | staff > read/space",
    },
    {
      name: "a definite path wins although a gap is elsewhere",
      scene: { grants: ["account read/space"], grantGaps: [gap("grants")], groupGaps: [gap("groups")] },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "denies although a group's members are missing, when that group holds nothing there",
      scene: { unreadGroups: { staff: [third] }, grants: ["group:others read/space"] },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "denies a non-member of a list that was read whole, although the group list was not",
      scene: { groupGaps: [gap("group list")], wholeGroups: ["staff"], grants: ["group:staff read/space"] },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "reports UNKNOWN for everything in a space whose grants could not be read",
      scene: { grantGaps: [gap("grants")] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["grants"],
    },
    {
      name: "denies a permission that nobody holds, although a group's members are missing behind the read it needs",
      scene: { unreadGroups: { staff: [third] }, grants: ["group:staff read/space"] },
      what: "create/page",
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "names only the gap of the read when the permission itself is held",
      scene: {
        unreadGroups: { staff: [third], writers: [gap("members of writers")] },
        grants: ["group:staff read/space", "account create/page", "group:writers create/page"],
      },
      what: "create/page",
      expected: "UNKNOWN | INCOMPLETE | account > create/page",
      gaps: [third.missing],
    },
    {
      name: "names only the gap of the permission when the read is held",
      scene: {
        unreadGroups: { staff: [third], writers: [gap("members of writers")] },
        grants: ["group:staff read/space", "account read/space", "group:writers create/page"],
      },
      what: "create/page",
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["members of writers"],
    },
    {
      name: "names a gap once, however many chains it stands on",
      scene: {
        groupGaps: [gap("groups")],
        grants: ["group:a read/space", "group:b read/space", "group:a create/page"],
      },
      what: "create/page",
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["groups"],
    },
  ]);

  it("tells what may hide further paths without doubting the decision", () => {
    const decision = ask({ grants: ["account read/space"], grantGaps: [gap("grants")] });
    expect(decision.decision).toBe("ALLOWED");
    expect(decision.pathGaps.map(({ missing }) => missing)).toEqual(["grants"]);
  });
});

describe("rule 4: what a grant gives", () => {
  const editor = { editor: ["read/space", "create/page"] };
  table([
    {
      name: "gives every permission of a role's definition",
      scene: { grants: ["account role:editor"], roles: editor },
      what: "create/page",
      expected: "ALLOWED | account > role:editor",
    },
    {
      name: "adds granular rows and roles together",
      scene: { grants: ["account role:editor", "account delete/page"], roles: editor },
      what: "delete/page",
      expected: "ALLOWED | account > delete/page",
    },
    {
      name: "counts granular rows on a site with roles only",
      scene: { grants: ["account read/space"], space: { model: "ROLES" } },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "does not count role assignments on a site without roles",
      scene: { grants: ["account role:editor"], roles: editor, space: { model: "PRE_ROLES" } },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "does not know whether role assignments count while the site's model is unknown",
      scene: { grants: ["account role:editor"], roles: editor, space: { model: "UNKNOWN", gaps: [gap("role mode")] } },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["role mode"],
    },
    {
      name: "takes a role whose definitions could not be read for a gap",
      scene: { grants: ["account role:editor"], roleGaps: [gap("roles")] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["roles"],
    },
    {
      name: "takes a role that the definitions do not hold for a gap",
      scene: { grants: ["account role:editor"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["the definition of role editor"],
    },
    {
      name: "does not mind an unknown role of a group that the account is not in",
      scene: { grants: ["group:staff role:editor"] },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "does not let `administer/space` imply another permission",
      scene: { grants: ["account read/space", "account administer/space"] },
      what: "create/page",
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "does not let the same operation on another target count",
      scene: { grants: ["account read/space", "account create/page"] },
      what: "create/comment",
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "knows operations that no documented list has",
      scene: { grants: ["account read/space", "account manage_public_links/space"] },
      what: "manage_public_links/space",
      expected: "ALLOWED | account > manage_public_links/space",
    },
    {
      name: "does not give an account what is granted to another",
      scene: { grants: ["account:bob read/space"] },
      expected: "DENIED | NO_GRANT",
    },
  ]);
});

describe("rule 5: read comes first", () => {
  table([
    {
      name: "denies what is held without the read it needs",
      scene: { grants: ["account administer/space"] },
      what: "administer/space",
      expected: "DENIED | INEFFECTIVE",
    },
    {
      name: "accepts the read from any other path",
      scene: { groups: ["staff"], grants: ["account administer/space", "group:staff read/space"] },
      what: "administer/space",
      expected: "ALLOWED | account > administer/space",
    },
    {
      name: "accepts a read that only anonymous has",
      scene: { grants: ["account create/page", "class:anonymous-users read/space"] },
      what: "create/page",
      expected: "ALLOWED | account > create/page",
    },
    {
      name: "reports UNKNOWN while the read may be behind a gap",
      scene: { grants: ["account create/page", "class:new-class read/space"] },
      what: "create/page",
      expected: "UNKNOWN | INCOMPLETE | account > create/page",
      gaps: [classGap("new-class")],
    },
  ]);

  it("lists what is held in vain", () => {
    const decision = ask(
      { groups: ["staff"], grants: ["account create/page", "group:staff create/page"] },
      "create/page",
    );
    expect(decision.paths).toEqual([]);
    expect(decision.ineffective.map(({ memberships }) => memberships.length)).toEqual([0, 1]);
  });
});

describe("rules 6 and 7 on Cloud", () => {
  table([
    {
      name: "gives administrators nothing until they give it themselves",
      scene: {
        account: { hasAdminRole: true },
        groups: ["confluence-administrators"],
        adminGroups: ["confluence-administrators"],
      },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "leaves a human without a licence only what anonymous has",
      scene: {
        account: { isLicensed: false },
        groups: ["staff"],
        grants: ["account read/space", "group:staff read/space", "class:authenticated-users read/space"],
      },
      expected: "DENIED | NOT_LICENSED",
    },
    {
      name: "lets a human without a licence read what anonymous reads",
      scene: { account: { isLicensed: false }, grants: ["account read/space", "class:anonymous-users read/space"] },
      expected: "ALLOWED | anonymous-users > read/space",
    },
    {
      name: "does not ask a guest, an app or a customer for a licence",
      scene: { account: { isLicensed: false, kind: "APP" }, grants: ["account read/space"] },
      expected: "ALLOWED | account > read/space",
    },
  ]);
});

describe("rule 9: the space's status", () => {
  table([
    {
      name: "keeps the permissions of an archived space",
      scene: { grants: ["account read/space"], space: { status: "ARCHIVED" } },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "gives nothing in a trashed space",
      scene: { grants: ["account read/space"], space: { status: "TRASHED" } },
      expected: "DENIED | SPACE_TRASHED",
    },
    {
      name: "does not allow in a space whose status nobody knows",
      scene: { grants: ["account read/space"], space: { status: "UNKNOWN", gaps: [gap("space")] } },
      expected: "UNKNOWN | INCOMPLETE | account > read/space",
      gaps: ["space"],
    },
  ]);
});
