import { describe, expect, it } from "vitest";
import { ask, gap, pathText, told } from "./scene.js";
import { table } from "./table.js";

const unlicensedGap = "whether the access of unlicensed accounts reaches this account";

describe("rule 7 on Data Center: licence", () => {
  table(
    [
      {
        name: "allows who may use the site through a group",
        scene: { groups: ["users"], grants: ["account read/space"] },
        expected: "ALLOWED | account > read/space",
      },
      {
        name: "allows who may use the site directly",
        scene: { globalGrants: ["account use/application"], grants: ["account read/space"] },
        expected: "ALLOWED | account > read/space",
      },
      {
        name: "allows who may use the site through a child group",
        scene: { groups: ["team"], parents: { team: ["users"] }, grants: ["account read/space"] },
        expected: "ALLOWED | account > read/space",
      },
      {
        name: "denies who may not use the site, whatever else is missing",
        scene: { grants: ["account read/space"], grantGaps: [gap("grants")] },
        expected: "DENIED | NOT_LICENSED",
      },
      {
        name: "does not take anonymous's `use` for a licence",
        scene: {
          globalGrants: ["class:anonymous-users use/application"],
          grants: ["account read/space", "class:anonymous-users read/space"],
        },
        expected: "DENIED | NOT_LICENSED",
      },
      {
        name: "does not take the global `administer` for a licence",
        scene: { globalGrants: ["account administer/application"], grants: ["account read/space"] },
        expected: "DENIED | NOT_LICENSED",
      },
      {
        name: "assumes the licence before 9.3, which cannot tell, and says so",
        scene: { globalGrants: null, grants: ["account read/space"] },
        expected: "ALLOWED | account > read/space",
        assumptions: ["LICENSED"],
      },
      {
        name: "reports UNKNOWN when reading the global permissions failed",
        scene: { globalGrants: [], globalGaps: [gap("global permissions")], grants: ["account read/space"] },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["global permissions"],
      },
      {
        name: "reports UNKNOWN when the members of the group that may use the site are missing",
        scene: { unreadGroups: { users: [gap("members of users")] }, grants: ["account read/space"] },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["members of users"],
      },
      {
        name: "names the licence's gap beside that of the grants, because either alone would not do",
        scene: { unreadGroups: { users: [gap("members of users")] }, grantGaps: [gap("grants")] },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["grants", "members of users"],
      },
      {
        name: "tells that the group which may use the site is gone",
        scene: { goneGroups: ["users"], grants: ["account read/space"] },
        expected: "DENIED | NOT_LICENSED",
        assumptions: ["GROUP_GONE"],
      },
    ],
    { isDataCenter: true },
  );
});

describe("rule 3 on Data Center: anonymous and unlicensed", () => {
  const licensed = { groups: ["users"] };
  table(
    [
      {
        name: "counts grants to anonymous while anonymous may use the site",
        scene: {
          ...licensed,
          globalGrants: ["group:users use/application", "class:anonymous-users use/application"],
          grants: ["class:anonymous-users read/space"],
        },
        expected: "ALLOWED | anonymous-users > read/space",
      },
      {
        name: "finds grants to anonymous ineffective while anonymous may not use the site",
        scene: { ...licensed, grants: ["class:anonymous-users read/space"] },
        expected: "DENIED | INEFFECTIVE",
      },
      {
        name: "reports UNKNOWN before 9.3, where nobody can tell whether anonymous may use the site",
        scene: { globalGrants: null, grants: ["class:anonymous-users read/space"] },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["whether anonymous-users holds the global permission use/application"],
      },
      {
        name: "reports UNKNOWN at best for what unlicensed accounts may have",
        scene: {
          globalGrants: ["group:users use/application", "class:unlicensed use_unlicensed/application"],
          grants: ["class:unlicensed read/space"],
        },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: [unlicensedGap],
      },
      {
        name: "denies an unlicensed account while `unlicensed` may not use the site",
        scene: { grants: ["class:unlicensed read/space"] },
        expected: "DENIED | NOT_LICENSED",
      },
      {
        name: "does not count a licensed account among the unlicensed",
        scene: {
          ...licensed,
          globalGrants: ["group:users use/application", "class:unlicensed use_unlicensed/application"],
          grants: ["class:unlicensed read/space"],
        },
        expected: "DENIED | NO_GRANT",
      },
      {
        name: "denies what would take being licensed and unlicensed at once",
        scene: {
          unreadGroups: { users: [gap("members of users")] },
          globalGrants: ["group:users use/application", "class:unlicensed use_unlicensed/application"],
          grants: ["class:unlicensed read/space", "account create/page"],
        },
        what: "create/page",
        expected: "DENIED | INEFFECTIVE",
      },
      {
        name: "does not give an unlicensed account its own grants beside those of `unlicensed`",
        scene: {
          globalGrants: ["class:unlicensed use_unlicensed/application"],
          grants: ["class:unlicensed read/space", "account create/page"],
        },
        what: "create/page",
        expected: "DENIED | NOT_LICENSED",
      },
    ],
    { isDataCenter: true },
  );

  it("lists anonymous's grant in vain beside a path that works", () => {
    const decision = ask({
      isDataCenter: true,
      ...licensed,
      grants: ["account read/space", "class:anonymous-users read/space"],
    });
    expect(told(decision)).toBe("ALLOWED | account > read/space");
    expect(decision.ineffective.map(pathText)).toEqual(["anonymous-users > read/space"]);
  });
});

describe("rule 3 on Data Center: child groups", () => {
  const users = { globalGrants: ["account use/application"] };
  table(
    [
      {
        name: "follows child groups to the one that holds the grant",
        scene: {
          ...users,
          groups: ["team"],
          parents: { team: ["department"], department: ["company"] },
          grants: ["group:company read/space"],
        },
        expected: "ALLOWED | team > department > company > read/space",
      },
      {
        name: "does not give members of the parent what the child holds",
        scene: { ...users, groups: ["company"], parents: { team: ["company"] }, grants: ["group:team read/space"] },
        expected: "DENIED | NO_GRANT",
      },
      {
        name: "ends in a cycle, and names each group once in a path",
        scene: {
          ...users,
          groups: ["a"],
          parents: { a: ["b"], b: ["c"], c: ["a", "b"] },
          grants: ["group:c read/space", "group:a read/space"],
        },
        expected: "ALLOWED | a > read/space | a > b > c > read/space",
      },
      {
        name: "reports UNKNOWN when the child groups of the holder could not be read",
        scene: {
          ...users,
          groups: ["team"],
          childGaps: { company: [gap("child groups of company")] },
          grants: ["group:company read/space"],
        },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["child groups of company"],
      },
      {
        name: "denies an account in no group, whatever child groups are missing",
        scene: {
          ...users,
          childGaps: { company: [gap("child groups of company")] },
          grants: ["group:company read/space"],
        },
        expected: "DENIED | NO_GRANT",
      },
      {
        name: "reports UNKNOWN when the members of a child group are missing",
        scene: {
          ...users,
          unreadGroups: { team: [gap("members of team")] },
          parents: { team: ["company"] },
          grants: ["group:company read/space"],
        },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["members of team"],
      },
    ],
    { isDataCenter: true },
  );
});

describe("rule 6: super users", () => {
  const superuser = { groups: ["confluence-administrators"] };
  table(
    [
      {
        name: "lets a super user do everything, licence or not",
        scene: { ...superuser, grants: ["account read/space"] },
        what: "administer/space",
        expected: "ALLOWED | confluence-administrators > SUPERUSER",
      },
      {
        name: "lets members of a child group of the super group do everything",
        scene: { groups: ["it"], parents: { it: ["confluence-administrators"] } },
        expected: "ALLOWED | it > confluence-administrators > SUPERUSER",
      },
      {
        name: "assumes no licence for a super user before 9.3",
        scene: { ...superuser, globalGrants: null },
        expected: "ALLOWED | confluence-administrators > SUPERUSER",
      },
      {
        name: "gives even a super user nothing in a trashed space",
        scene: { ...superuser, space: { status: "TRASHED" } },
        expected: "DENIED | SPACE_TRASHED",
      },
      {
        name: "lets a disabled super user do nothing",
        scene: { ...superuser, account: { status: "DEACTIVATED" } },
        expected: "DENIED | ACCOUNT_NOT_ACTIVE",
      },
      {
        name: "reports UNKNOWN, not NOT_LICENSED, when the super group's members are missing",
        scene: { unreadGroups: { "confluence-administrators": [gap("super users")] } },
        expected: "UNKNOWN | INCOMPLETE",
        gaps: ["super users"],
      },
      {
        name: "does not make a super user of who holds the global `administer`",
        scene: { globalGrants: ["account use/application", "account administer/system"] },
        expected: "DENIED | NO_GRANT",
      },
    ],
    { isDataCenter: true },
  );

  it("finds an unlicensed super user's own grants in vain", () => {
    const decision = ask({ isDataCenter: true, ...superuser, grants: ["account read/space"] });
    expect(decision.ineffective.map(pathText)).toEqual(["account > read/space"]);
  });
});
