import { describe, expect, it } from "vitest";
import { describeAccount } from "../../src/access/AccountFacts.js";
import { type Account, withoutOrganization } from "../../src/domain/Account.js";
import { knownEmpty } from "../../src/domain/Complete.js";
import { SiteError } from "../../src/domain/SiteError.js";
import { ann } from "./scene.js";

const groups = knownEmpty(0);
const account: Account = {
  accountId: ann,
  username: null,
  displayName: "Ann",
  publicName: null,
  email: null,
  kind: "HUMAN",
  reportedKind: "atlassian",
  status: "ACTIVE",
  statusSource: "CONFLUENCE",
  reportedStatus: "active",
  personalSpaceId: null,
  picturePath: null,
  ...withoutOrganization,
};
const failure = new SiteError("UpstreamFailed", "It answered 500.", { call: "POST /users-bulk" });

const told = (...names: readonly string[]) => ({
  items: names.map((name) => ({ name, resource: null, isOnThisSite: true })),
  isWhole: true,
});

describe("what a reading of an account says for access", () => {
  it("leaves the licence and the role open, without a gap, where no organization is asked", () => {
    expect(describeAccount(ann, account, groups)).toMatchObject({ isLicensed: null, hasAdminRole: null, gaps: [] });
  });

  it("takes the licence and the admin role from the organization", () => {
    const known = { ...account, isLicensed: false, roles: told("atlassian/user", "atlassian/admin") };
    expect(describeAccount(ann, known, groups)).toMatchObject({ isLicensed: false, hasAdminRole: true, gaps: [] });
    expect(describeAccount(ann, { ...known, roles: told("atlassian/user") }, groups).hasAdminRole).toBe(false);
  });

  it("makes nobody an administrator by a role on another site", () => {
    const [there] = told("atlassian/admin").items;
    if (there === undefined) throw new Error("no role");
    const roles = {
      items: [{ ...there, resource: "ari:cloud:confluence::site/b", isOnThisSite: false }],
      isWhole: true,
    };
    expect(describeAccount(ann, { ...account, roles }, groups)).toMatchObject({ hasAdminRole: false, roleGaps: [] });
  });

  it("leaves open who administers where roles are not told whole: a gap of the roles alone, none of the licence", () => {
    const part = { ...told("atlassian/user"), isWhole: false };
    expect(describeAccount(ann, { ...account, roles: part }, groups)).toMatchObject({
      hasAdminRole: null,
      roleGaps: [{ missing: "roles of account ann" }],
      gaps: [],
    });
    const admin = { ...told("atlassian/admin"), isWhole: false };
    expect(describeAccount(ann, { ...account, roles: admin }, groups)).toMatchObject({
      hasAdminRole: true,
      roleGaps: [],
    });
  });

  it("declares a gap when the organization could not be asked", () => {
    const { gaps } = describeAccount(ann, { ...account, status: "UNKNOWN", organizationError: failure }, groups);
    expect(gaps).toMatchObject([{ kind: "UpstreamFailed", reason: "It answered 500." }]);
  });

  it("tells an account nobody knows from one that could not be read", () => {
    expect(describeAccount(ann, null, groups)).toMatchObject({ status: "UNKNOWN", gaps: [] });
    expect(describeAccount(ann, failure, groups)).toMatchObject({
      status: "UNKNOWN",
      gaps: [{ missing: "account ann" }],
    });
  });
});
