import { describe, expect, it } from "vitest";
import { mapAccount, readListedAccounts } from "../../../../src/confluence/datacenter/accounts.js";
import { knownEmpty } from "../../../../src/domain/Complete.js";

const ann = { type: "known", userKey: "k1", username: "ann", displayName: "Ann" };

describe("a user as an account", () => {
  it.each([
    ["current", "ACTIVE", "CONFLUENCE", null],
    ["deactivated", "DEACTIVATED", "CONFLUENCE", null],
    ["externally_deleted", "CLOSED", "CONFLUENCE", null],
    ["unlicensed", "ACTIVE", "CONFLUENCE", false],
    ["shadowed", "UNKNOWN", "NONE", null],
    [undefined, "UNKNOWN", "NONE", null],
  ])("of status %s is %s", (status, expected, statusSource, isLicensed) => {
    expect(mapAccount({ ...ann, status })).toMatchObject({
      accountId: "k1",
      username: "ann",
      kind: "HUMAN",
      reportedKind: "known",
      status: expected,
      statusSource,
      reportedStatus: status ?? null,
      isLicensed,
    });
  });

  it("is closed where only its key is left for a name, whatever the status says", () => {
    expect(mapAccount({ ...ann, type: "unknown", username: "k1", status: "current" })).toMatchObject({
      status: "CLOSED",
      kind: "UNKNOWN",
      reportedKind: "unknown",
    });
  });

  it("is not active by the word of a site that does not know it", () => {
    expect(mapAccount({ ...ann, type: "unknown", status: "current" }).status).toBe("UNKNOWN");
    expect(mapAccount({ ...ann, type: "unknown", status: "deactivated" }).status).toBe("DEACTIVATED");
  });
});

describe("a list of users", () => {
  const read = (...rows: readonly unknown[]) =>
    readListedAccounts({ ...knownEmpty(1), items: rows }, { call: "GET /x", what: "members of group g" });

  it("keeps a row of unknown shape by its user key", () => {
    const list = read(ann, { userKey: "k2", username: 7 });
    expect(list.items.map(({ accountId, facts }) => [accountId, facts?.username ?? null])).toEqual([
      ["k1", "ann"],
      ["k2", null],
    ]);
    expect(list.gaps).toEqual([]);
  });

  it("declares a row without a user key instead of dropping it", () => {
    const list = read(ann, { username: "nobody" });
    expect(list.gaps).toMatchObject([{ missing: "1 of the members of group g", kind: "ContractDrift" }]);
  });

  it("reads a status that is no text as none", () => {
    expect(read({ ...ann, status: { expanded: false } }).items[0]?.facts?.status).toBe("UNKNOWN");
  });
});
