import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { type DataCenterWorld, InvalidWorld } from "../../../sandbox/src/world/World.js";
import { cpuMs } from "../../support/cpuMs.js";
import { anonymous, group, readableWorld, row, user } from "../support/readableWorld.js";

function faultsWith(changes: Partial<DataCenterWorld>): readonly string[] {
  try {
    parseWorld(JSON.parse(JSON.stringify(readableWorld(changes))));
  } catch (error) {
    if (error instanceof InvalidWorld) return error.faults;
    throw error;
  }
  return [];
}

const [engineering] = readableWorld().dataCenter.spaces;
if (engineering === undefined) throw new Error("the world has no space");
const space = { ...engineering, permissions: [] };
const named = (name: string) => ({ type: "user" as const, name });

describe("the Data Center half of a world file", () => {
  it("is refused for groups whose names differ in letter case alone", () => {
    const groups = [
      { name: "Staff", members: [] },
      { name: "staff", members: [] },
    ];
    expect(faultsWith({ groups })).toEqual([
      'dataCenter.groups[1].name: duplicate "staff", already at dataCenter.groups[0].name',
    ]);
  });

  it("is refused for spaces whose keys differ in letter case alone, and for two of id 0", () => {
    const spaces = [space, { ...space, id: 0, key: "eng" }, { ...space, id: 0, key: "X" }];
    expect(faultsWith({ spaces })).toEqual([
      'dataCenter.spaces[1].key: duplicate "eng", already at dataCenter.spaces[0].key',
      'dataCenter.spaces[2].id: duplicate "0", already at dataCenter.spaces[1].id',
    ]);
    const broken = JSON.parse('{"id":"x"}');
    expect(faultsWith({ spaces: ["A", "B"].map((key) => ({ ...space, ...broken, key })) })).toEqual([
      "dataCenter.spaces[0].id: must be a whole number that is not negative",
      "dataCenter.spaces[1].id: must be a whole number that is not negative",
    ]);
  });

  it("is refused for a member or a child group named twice, in whatever letter case", () => {
    const groups = [{ name: "g", members: ["ann", "bob", "ANN", "bob"], groups: ["h", "H"] }];
    expect(faultsWith({ groups })).toEqual([
      'dataCenter.groups[0].groups[1]: duplicate "h", already at dataCenter.groups[0].groups[0]',
      'dataCenter.groups[0].members[2]: duplicate "ann", already at dataCenter.groups[0].members[0]',
      'dataCenter.groups[0].members[3]: duplicate "bob", already at dataCenter.groups[0].members[1]',
    ]);
    expect(faultsWith({ administrators: ["a", "A"] })).toEqual([
      'dataCenter.administrators[1]: duplicate "a", already at dataCenter.administrators[0]',
    ]);
  });

  it.each([
    ["a group in another letter case", group("A"), group("a")],
    ["a user by name in another letter case", named("Nobody"), named("nobody")],
    ["a user by name and by key", named("CY"), { type: "user" as const, userKey: "key-cy" }],
    ["anonymous", anonymous, anonymous],
  ])("is refused for equal rows of %s", (_, first, second) => {
    const permissions = [row(first, "read/space"), row(second, "create/page"), row(second, "read/space")];
    expect(faultsWith({ spaces: [{ ...space, permissions }], globalPermissions: permissions })).toEqual([
      expect.stringMatching(
        /^dataCenter\.spaces\[0\]\.permissions\[2\]: duplicate ".*read\/space", already at dataCenter\.spaces\[0\]\.permissions\[0\]$/,
      ),
      expect.stringMatching(/^dataCenter\.globalPermissions\[2\]: duplicate /),
    ]);
  });

  it("takes the same row in two spaces, and a user and a group of one name", () => {
    const permissions = [row(group("cy"), "read/space"), row(named("cy"), "read/space")];
    const spaces = [
      { ...space, permissions },
      { ...space, id: 2, key: "B", permissions },
    ];
    expect(faultsWith({ spaces, globalPermissions: permissions })).toEqual([]);
  });

  it.each(["", "/confluence", "/a/b-c_d.e~f", "/x/__sandbox", "/__sandboxes"])(
    "takes the context path '%s'",
    (contextPath) => expect(faultsWith({ contextPath })).toEqual([]),
  );

  it.each([
    ["/__sandbox", "must not begin with /__sandbox"],
    ["/__sandbox/x", "must not begin with /__sandbox"],
    ["/a/./b", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/..", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["//a", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/a//b", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/a/", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["a", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/wiki é", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/a%20b", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/a?b", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
    ["/a\\b", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -"],
  ])("is refused for the context path '%s', which no client can reach", (contextPath, problem) => {
    expect(faultsWith({ contextPath })).toEqual([expect.stringContaining(`dataCenter.contextPath: ${problem}`)]);
  });

  it("is checked in one walk, however large its lists are", () => {
    const costOf = (count: number): number => {
      const users = Array.from({ length: count }, (_, at) => user(`u${at}`));
      const groups = [{ name: "all", members: users.map(({ username }) => username) }];
      const permissions = users.map(({ userKey }) => row({ type: "user", userKey }, "read/space"));
      const json = JSON.parse(JSON.stringify(readableWorld({ users, groups, spaces: [{ ...space, permissions }] })));
      return cpuMs(() => expect(parseWorld(json).dataCenter?.users).toHaveLength(count));
    };
    // A walk of the list for each of its entries would take a hundred times as long for ten times as many.
    expect(costOf(60_000)).toBeLessThan(costOf(6_000) * 50);
  });
});
