import { describe, expect, it } from "vitest";
import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";
import { ask, gap, told } from "./scene.js";
import { table } from "./table.js";

const classGap = (id: string) => `whether account ann belongs to the access class ${id}`;

describe("rule 2: the account", () => {
  for (const status of ["SUSPENDED", "DEACTIVATED", "INACTIVE", "CLOSED"] satisfies AccountStatus[]) {
    it(`denies a ${status.toLowerCase()} account even where anonymous may read, and reports what it still holds`, () => {
      const decision = ask({
        account: { status },
        groups: ["staff"],
        grants: ["class:anonymous-users read/space", "account read/space", "group:staff read/space"],
        grantGaps: [gap("grants")],
      });
      expect(told(decision)).toBe("DENIED | ACCOUNT_NOT_ACTIVE");
      expect(decision.gaps).toEqual([]);
      expect(decision.ineffective.map(({ isDirect }) => isDirect)).toEqual([true, false]);
    });
  }

  table([
    {
      name: "turns what would be ALLOWED into UNKNOWN for an id that no account list knows",
      scene: {
        account: { status: "UNKNOWN", kind: "UNKNOWN", isLicensed: null, hasAdminRole: null },
        grants: ["class:all-licensed-users read/space"],
      },
      expected: "UNKNOWN | ACCOUNT_STATUS_UNKNOWN | all-licensed-users > read/space",
      assumptions: ["LICENSED"],
    },
    {
      name: "denies an unknown id that nothing is granted to",
      scene: { account: { status: "UNKNOWN", kind: "UNKNOWN", isLicensed: null, hasAdminRole: null } },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "names the failed reading when that is why the status is unknown",
      scene: { account: { status: "UNKNOWN", gaps: [gap("organization")] }, grants: ["account read/space"] },
      expected: "UNKNOWN | INCOMPLETE | account > read/space",
      gaps: ["organization"],
    },
    {
      name: "puts the account's state before the space's",
      scene: { account: { status: "CLOSED" }, space: { status: "TRASHED" } },
      expected: "DENIED | ACCOUNT_NOT_ACTIVE",
    },
  ]);
});

describe("rule 3: access classes", () => {
  const members: Readonly<Record<string, readonly AccountKind[]>> = {
    "anonymous-users": ["HUMAN", "GUEST", "APP", "CUSTOMER", "UNKNOWN"],
    "authenticated-users": ["HUMAN", "GUEST", "APP", "CUSTOMER", "UNKNOWN"],
    "all-licensed-users": ["HUMAN"],
  };
  for (const [id, kinds] of Object.entries(members)) {
    for (const kind of ["HUMAN", "GUEST", "APP", "CUSTOMER"] satisfies AccountKind[]) {
      const isMember = kinds.includes(kind);
      it(`${isMember ? "counts" : "does not count"} a grant to ${id} as access for an account of kind ${kind}`, () => {
        const decision = ask({ account: { kind }, grants: [`class:${id} read/space`] });
        expect(told(decision)).toBe(isMember ? `ALLOWED | ${id} > read/space` : "DENIED | NO_GRANT");
        expect(decision.paths.map(({ isDirect }) => isDirect)).toEqual(isMember ? [false] : []);
      });
    }
  }

  table([
    {
      name: "does not guess the kind of an account that the site calls unknown",
      scene: { account: { kind: "UNKNOWN" }, grants: ["class:all-licensed-users read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["what kind of account ann is"],
    },
    {
      name: "counts members of admin groups as product admins",
      scene: { groups: ["admins"], adminGroups: ["admins"], grants: ["class:all-product-admins read/space"] },
      expected: "ALLOWED | all-product-admins > read/space",
    },
    {
      name: "counts holders of the organization's admin role as product admins",
      scene: { account: { hasAdminRole: true }, grants: ["class:all-product-admins read/space"] },
      expected: "ALLOWED | all-product-admins > read/space",
    },
    {
      name: "denies a non-admin what product admins hold, also where no organization is asked",
      scene: {
        account: { hasAdminRole: null },
        groups: ["staff"],
        adminGroups: ["admins"],
        grants: ["class:all-product-admins read/space"],
      },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "reports UNKNOWN when it could not be read which groups are admin groups",
      scene: {
        groups: ["staff"],
        adminGroupGaps: [gap("admin groups")],
        grants: ["class:all-product-admins read/space"],
      },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["admin groups"],
    },
    {
      name: "denies an account in no group, whichever groups are admin groups",
      scene: { adminGroupGaps: [gap("admin groups")], grants: ["class:all-product-admins read/space"] },
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "reports UNKNOWN when the organization could not be asked about the admin role",
      scene: {
        account: { hasAdminRole: null, gaps: [gap("organization")] },
        grants: ["class:all-product-admins read/space"],
      },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["organization"],
    },
    {
      name: "reports UNKNOWN for the class of administrators when the organization does not tell the roles, with the licence untouched",
      scene: {
        account: { hasAdminRole: null, roleGaps: [gap("roles")] },
        grants: ["class:all-product-admins read/space"],
      },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["roles"],
    },
    {
      name: "lets roles that nobody tells stand in nobody's way where something else gives the access",
      scene: {
        account: { hasAdminRole: null, roleGaps: [gap("roles")] },
        grants: ["class:all-product-admins read/space", "account read/space"],
      },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "lets a class whose members nobody knows turn DENIED into UNKNOWN",
      scene: { grants: ["class:jsm-project-admins read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: [classGap("jsm-project-admins")],
    },
    {
      name: "does not let a class whose members nobody knows disturb what is ALLOWED",
      scene: { grants: ["class:jsm-project-admins read/space", "account read/space"] },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "does not take a principal of type `role` for the access class of the same id",
      scene: { grants: ["role:all-licensed-users read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: [classGap("all-licensed-users")],
    },
    {
      name: "takes `unlicensed` for an unknown class on Cloud",
      scene: { grants: ["class:unlicensed read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: [classGap("unlicensed")],
    },
  ]);
});

describe("rule 3: what is assumed", () => {
  const unasked = { isLicensed: null } as const;
  table([
    {
      name: "counts a human as licensed where nobody can say, and tells that it did",
      scene: { account: unasked, grants: ["class:all-licensed-users read/space"] },
      expected: "ALLOWED | all-licensed-users > read/space",
      assumptions: ["LICENSED"],
    },
    {
      name: "does not assume a licence for what anonymous has",
      scene: { account: unasked, grants: ["class:anonymous-users read/space"] },
      expected: "ALLOWED | anonymous-users > read/space",
    },
    {
      name: "does not assume a licence for a guest, who works without one",
      scene: { account: { ...unasked, kind: "GUEST" }, grants: ["account read/space"] },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "assumes the licence that only the read rests on",
      scene: { account: unasked, grants: ["class:all-licensed-users read/space", "class:anonymous-users create/page"] },
      what: "create/page",
      expected: "ALLOWED | anonymous-users > create/page",
      assumptions: ["LICENSED"],
    },
    {
      name: "does not assume a licence for a read that anonymous has too",
      scene: {
        account: unasked,
        grants: ["account read/space", "class:anonymous-users read/space", "class:anonymous-users create/page"],
      },
      what: "create/page",
      expected: "ALLOWED | anonymous-users > create/page",
    },
    {
      name: "reports UNKNOWN, and assumes nothing, when reading the licence failed",
      scene: { account: { ...unasked, gaps: [gap("organization")] }, grants: ["class:all-licensed-users read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["organization"],
    },
    {
      name: "takes a group that cannot be found to have no members, and tells that it did",
      scene: { goneGroups: ["ghosts"], grants: ["group:ghosts read/space"] },
      expected: "DENIED | NO_GRANT",
      assumptions: ["GROUP_GONE"],
    },
    {
      name: "does so although the account's groups were not read whole",
      scene: { goneGroups: ["ghosts"], groupGaps: [gap("groups")], grants: ["group:ghosts read/space"] },
      expected: "DENIED | NO_GRANT",
      assumptions: ["GROUP_GONE"],
    },
    {
      name: "believes the account's own group list when it names a group that cannot be found by id",
      scene: { goneGroups: ["ghosts"], groups: ["ghosts"], grants: ["group:ghosts read/space"] },
      expected: "ALLOWED | ghosts > read/space",
    },
    {
      name: "says nothing of a gone group that holds something else",
      scene: { goneGroups: ["ghosts"], grants: ["group:ghosts create/page", "account read/space"] },
      expected: "ALLOWED | account > read/space",
    },
    {
      name: "assumes it of the group that holds the read",
      scene: { goneGroups: ["ghosts"], grants: ["group:ghosts read/space", "account create/page"] },
      what: "create/page",
      expected: "DENIED | INEFFECTIVE",
      assumptions: ["GROUP_GONE"],
    },
    {
      name: "does not assume it where the read would still be missing",
      scene: { goneGroups: ["ghosts"], grants: ["group:ghosts create/page"] },
      what: "create/page",
      expected: "DENIED | NO_GRANT",
    },
    {
      name: "takes a group that is missing from an unread list for a gap",
      scene: { unreadGroups: { ghosts: [gap("group list")] }, grants: ["group:ghosts read/space"] },
      expected: "UNKNOWN | INCOMPLETE",
      gaps: ["group list"],
    },
  ]);
});
