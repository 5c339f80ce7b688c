import { describe, expect, it } from "vitest";
import { mapAccount, readListedAccounts } from "../../../../src/confluence/datacenter/accounts.js";
import { mapSubject, permissionIdOf } from "../../../../src/confluence/datacenter/grants.js";
import { mapSpace } from "../../../../src/confluence/datacenter/spaces.js";
import { mapLongTask, objectionToNewUsername } from "../../../../src/confluence/datacenter/writes.js";
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

describe("the subject of a row", () => {
  const account = { kind: "account", accountId: "k1" };
  const anonymous = { kind: "accessClass", classId: "anonymous-users", reportedType: "anonymous" };
  it.each([
    [{ type: "user", userKey: "k1" }, account],
    [{ type: "known", userKey: "k1", name: "ann" }, account],
    [{ userKey: "k1" }, account],
    [
      { type: "group", name: "g" },
      { kind: "group", groupId: "g" },
    ],
    [{ name: "g" }, { kind: "group", groupId: "g" }],
    [{ name: "Confluence-Users" }, { kind: "group", groupId: "confluence-users" }],
    [
      { type: "user", name: "ann" },
      { kind: "username", username: "ann" },
    ],
    [{ type: "anonymous" }, anonymous],
    [null, anonymous],
    [undefined, anonymous],
    [{ type: "unlicensed" }, { kind: "accessClass", classId: "unlicensed", reportedType: "unlicensed" }],
    [
      { type: "robot", name: "r2" },
      { kind: "accessClass", classId: "r2", reportedType: "robot" },
    ],
    [{}, { kind: "accessClass", classId: "unknown", reportedType: "unknown" }],
  ])("%j is %j", (subject, holder) => {
    expect(mapSubject(subject)).toEqual(holder);
  });
});

describe("the id of a row", () => {
  it("tells accounts, groups and classes of one name apart", () => {
    const read = { key: "read", target: "space" };
    const ids = [
      permissionIdOf({ kind: "account", accountId: "x" as never }, read),
      permissionIdOf({ kind: "group", groupId: "x" as never }, read),
      permissionIdOf({ kind: "accessClass", classId: "x", reportedType: "user" }, read),
      permissionIdOf({ kind: "accessClass", classId: "x", reportedType: "robot" }, read),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toBe("read/space@account:x");
  });
});

describe("a space", () => {
  it.each([
    ["current", "CURRENT"],
    ["ARCHIVED", "ARCHIVED"],
    ["Frozen", "UNKNOWN"],
  ])("of status %s is %s", (status, expected) => {
    const space = mapSpace({ id: 7, key: "ENG", type: "global", status }, "https://w/c", "current");
    expect(space).toMatchObject({
      spaceId: "7",
      kind: "GLOBAL",
      status: expected,
      reportedStatus: status,
      authorId: null,
    });
  });

  it("without a status has the one that was asked for", () => {
    expect(mapSpace({ id: 7, key: "ENG" }, "", "archived").status).toBe("ARCHIVED");
  });

  it("is found below the address with its context path", () => {
    const links = { webui: "/display/ENG" };
    expect(mapSpace({ id: 7, key: "ENG", _links: links }, "https://w/c", "current").homepageUrl).toBe(
      "https://w/c/display/ENG",
    );
  });
});

describe("a long task", () => {
  it.each([
    [0, false, "RUNNING"],
    [99, true, "RUNNING"],
    [100, true, "SUCCEEDED"],
    [100, undefined, "SUCCEEDED"],
    [100, false, "FAILED"],
  ])("at %s %% with success %s is %s", (percentageComplete, successful, state) => {
    expect(mapLongTask({ percentageComplete, successful })).toEqual({
      state,
      percentage: percentageComplete,
      message: null,
    });
  });

  it("says what its last message says", () => {
    const messages = [{ translation: "Starting" }, { translation: "Removing <b>pages</b>" }];
    expect(mapLongTask({ percentageComplete: 5, messages }).message).toBe("Removing pages");
  });
});

describe("a user name", () => {
  it.each(["ann", "ann@example.com", "ann.b_c-d", "ann/ops"])("%s is allowed", (name) => {
    expect(objectionToNewUsername(name)).toBeNull();
  });

  it.each(["", " ", "a b", "anonymous", "Ann", "a\\b", "a,b", "a+b", "a<b", "a>b", "a'b", 'a"b'])(
    "%j is not",
    (name) => {
      expect(objectionToNewUsername(name)).toMatch(/\w/);
    },
  );
});
