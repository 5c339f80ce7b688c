import { describe, expect, it } from "vitest";
import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../../../src/domain/ids.js";
import { decodeGlobalId, encodeGlobalId, type GlobalId, readGlobalId } from "../../../../src/graph/schema/GlobalId.js";
import { nastyTexts, randomText, seededRandom } from "../nastyTexts.js";

/** An id of every shape there is, made of four texts. */
function idsOf(site: string, first: string, second: string, third: string): GlobalId[] {
  const siteId = site as SiteId;
  const [accountId, groupId, spaceId, roleId] = [
    first as AccountId,
    first as GroupId,
    first as SpaceId,
    second as RoleId,
  ];
  const role = { type: "Grant", siteId, kind: "role", spaceId, roleId } as const;
  return [
    { type: "Site", siteId },
    { type: "Account", siteId, accountId },
    { type: "Group", siteId, groupId },
    { type: "AccessClass", siteId, reportedType: first, classId: second },
    { type: "Space", siteId, spaceId },
    { type: "SpaceRole", siteId, roleId },
    { type: "Grant", siteId, kind: "membership", groupId, accountId: second as AccountId },
    { type: "Grant", siteId, kind: "permission", spaceId, permissionId: second },
    { ...role, principal: { kind: "account", accountId: third as AccountId } },
    { ...role, principal: { kind: "group", groupId: third as GroupId } },
    { ...role, principal: { kind: "accessClass", reportedType: third, classId: first } },
  ];
}

describe("a global id", () => {
  it("is read back as what it was made of, whatever the texts", () => {
    const random = seededRandom(20_261_120);
    const text = () => randomText(random);
    const rounds = [...nastyTexts.map((each) => [each, each, each, each] as const)];
    for (let round = 0; round < 500; round += 1) rounds.push([text(), text(), text(), text()]);
    for (const texts of rounds) {
      for (const id of idsOf(...texts)) {
        const encoded = encodeGlobalId(id);
        // Needs no escaping in a URL, a header, a JSON text or a spreadsheet.
        expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeGlobalId(encoded)).toEqual(id);
      }
    }
  });

  it("is another one for every other thing, though the texts run together", () => {
    const pairs = [...nastyTexts, "a", "b", "ab", "m", "p", "r", "a,", ",b"];
    const encoded = pairs.flatMap((first) =>
      pairs.map((second) => idsOf("site", first, second, "third").map(encodeGlobalId)),
    );
    const ids = pairs.flatMap((first) => pairs.flatMap((second) => idsOf("site", first, second, "third")));
    const distinct = new Set(ids.map((id) => JSON.stringify(id)));
    expect(new Set(encoded.flat()).size).toBe(distinct.size);
  });

  it("is the same in every release: clients keep ids", () => {
    const siteId = "acme" as SiteId;
    expect(encodeGlobalId({ type: "Space", siteId, spaceId: "327684" as SpaceId })).toBe(
      "WyJTcGFjZSIsImFjbWUiLCIzMjc2ODQiXQ",
    );
  });

  const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  it.each([
    ["nothing", ""],
    ["a native id", "327684"],
    ["plain JSON", '["Account","acme","1"]'],
    ["JSON that was cut", packed(["Account", "acme", "1"]).slice(0, -4)],
    ["an id with something behind it", `${packed(["Account", "acme", "1"])}=`],
    ["no list", packed({ type: "Account" })],
    ["an empty list", packed([])],
    ["an unknown type", packed(["Wizard", "acme", "1"])],
    ["a type from a prototype", packed(["__proto__", "acme", "1"])],
    ["a type without a site", packed(["Account"])],
    ["an account without an id", packed(["Account", "acme"])],
    ["an account with an empty id", packed(["Account", "acme", ""])],
    ["an account with too much", packed(["Account", "acme", "1", "2"])],
    ["an account with a number", packed(["Account", "acme", 1])],
    ["a site with too much", packed(["Site", "acme", "1"])],
    ["an access class with too little", packed(["AccessClass", "acme", "access-class"])],
    ["a grant of no kind", packed(["Grant", "acme", "x", "1", "2"])],
    ["a membership of nobody", packed(["Grant", "acme", "m", "1"])],
    ["a membership with too much", packed(["Grant", "acme", "m", "1", "2", "3"])],
    ["a role of nobody", packed(["Grant", "acme", "r", "1", "2"])],
    ["a role of an unknown principal", packed(["Grant", "acme", "r", "1", "2", "x", "3"])],
    ["a role of half an access class", packed(["Grant", "acme", "r", "1", "2", "c", "3"])],
    ["a role of an account and more", packed(["Grant", "acme", "r", "1", "2", "a", "3", "4"])],
    ["an id longer than any", packed(["Account", "acme", "x".repeat(7_000)])],
  ])("is not read from %s", (_, text) => {
    expect(decodeGlobalId(text)).toBeNull();
  });

  it("is never read from noise, and reading noise never throws", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 2_000; round += 1) expect(decodeGlobalId(randomText(random))).toBeNull();
  });
});

describe("an argument that must be an id", () => {
  const account = encodeGlobalId({ type: "Account", siteId: "acme" as SiteId, accountId: "1" as AccountId });

  it("may be of any of the types that fit", () => {
    expect(readGlobalId(account, "principalIds", ["Group", "Account"])).toMatchObject({ accountId: "1" });
  });

  it("is refused with what it is and what is needed", () => {
    expect(() => readGlobalId(account, "id", ["Group", "AccessClass"])).toThrow(
      "This is an id of type Account; an id of type Group or AccessClass is needed here.",
    );
    expect(() => readGlobalId("ENG", "id", ["Space"])).toThrow(
      '"ENG" is not an id of this graph. Pass an `id` of type Space exactly as it was answered.',
    );
  });
});
