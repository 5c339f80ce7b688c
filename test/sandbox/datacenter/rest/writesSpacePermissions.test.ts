import { describe, expect, it } from "vitest";
import { fieldOf } from "../../support/fieldOf.js";
import { type OpenWritable, openWritable, readerToken } from "../../support/openWritable.js";

const permissions = "/rest/api/space/ENG/permissions";
const read = { targetType: "space", operationKey: "read" };
const administer = { targetType: "space", operationKey: "administer" };
const page = { targetType: "page", operationKey: "create" };
const fourteen = [
  read,
  administer,
  ...["export", "restrict", "delete_own", "delete_mail"].map((operationKey) => ({ targetType: "space", operationKey })),
  ...["page", "blogpost", "comment", "attachment"].flatMap((targetType) =>
    ["create", "delete"].map((operationKey) => ({ targetType, operationKey })),
  ),
];

const granted = ({ held }: OpenWritable, is: (subject: { userKey?: string; name?: string; type: string }) => boolean) =>
  (held().spaces[0]?.permissions ?? [])
    .filter(({ subject }) => is(subject))
    .map(({ operation }) => `${operation.operationKey}/${operation.targetType}`);

describe.each([
  ["user/key-bob", ({ userKey }: { userKey?: string }) => userKey === "key-bob"],
  ["group/engineering", ({ name }: { name?: string }) => name === "Engineering"],
  ["anonymous", ({ type }: { type: string }) => type === "anonymous"],
] as const)("the grants of %s", (address, is) => {
  it("take all fourteen permissions, add only what is missing and remove only what is there", async () => {
    const open = await openWritable();
    for (let times = 0; times < 2; times += 1) {
      const { status, text } = await open.send("PUT", `${permissions}/${address}/grant`, fourteen);
      expect([status, text]).toEqual([204, ""]);
      expect(new Set(granted(open, is)).size).toBe(14);
      expect(granted(open, is)).toHaveLength(14);
    }
    for (let times = 0; times < 2; times += 1) {
      expect((await open.send("PUT", `${permissions}/${address}/revoke`, [page, administer])).status).toBe(204);
      expect(granted(open, is)).toHaveLength(12);
    }
  });

  it("lose nothing else with read", async () => {
    const open = await openWritable();
    await open.send("PUT", `${permissions}/${address}/grant`, [read, page]);
    expect((await open.send("PUT", `${permissions}/${address}/revoke`, [read])).status).toBe(204);
    expect(granted(open, is)).toEqual(["create/page"]);
  });
});

describe("a grant", () => {
  it("wants read before administer: held, or earlier in the body", async () => {
    const open = await openWritable();
    const path = `${permissions}/user/key-bob/grant`;
    for (const body of [[administer], [administer, read], [page, administer]]) {
      expect((await open.send("PUT", path, body)).status).toBe(400);
    }
    expect(granted(open, ({ userKey }) => userKey === "key-bob")).toEqual([]);
    expect((await open.send("PUT", path, [read, administer])).status).toBe(204);
    expect((await open.send("PUT", `${permissions}/user/key-ann/grant`, [administer])).status).toBe(204);
  });

  it.each([
    ["an operation that does not exist", [page, { targetType: "page", operationKey: "export" }]],
    ["a global permission", [{ targetType: "application", operationKey: "use" }]],
    ["a permission in JSON-RPC's words", ["VIEWSPACE"]],
    ["half a pair", [{ targetType: "page" }]],
    ["no list", read],
  ])("of %s is a 400 and grants nothing", async (_, body) => {
    const { send, held } = await openWritable();
    const before = held();
    for (const change of ["grant", "revoke"]) {
      const answer = await send("PUT", `${permissions}/user/key-bob/${change}`, body);
      expect([answer.status, fieldOf(answer.body, "statusCode")]).toEqual([400, 400]);
    }
    expect(held()).toEqual(before);
  });

  it("of nothing at all is a 204", async () => {
    const { send } = await openWritable();
    expect((await send("PUT", `${permissions}/anonymous/grant`, [])).status).toBe(204);
  });

  it.each([
    ["user", `${permissions}/user/key-nobody`],
    ["user, though a name is somebody's", `${permissions}/user/bob`],
    ["user, though rows are left over from it", `${permissions}/user/key-gone`],
    ["group", `${permissions}/group/nothing`],
    ["space", "/rest/api/space/NOPE/permissions/anonymous"],
  ])("names an unknown %s: 404", async (_, path) => {
    const { send } = await openWritable();
    for (const change of ["grant", "revoke"]) {
      const { status, body } = await send("PUT", `${path}/${change}`, [read]);
      expect(status).toBe(404);
      expect(body).toMatchObject({ statusCode: 404, data: { successful: false } });
    }
  });

  it("finds the space and the group in any letter case", async () => {
    const open = await openWritable();
    expect((await open.send("PUT", "/rest/api/space/eng/permissions/group/RELEASE/grant", [read])).status).toBe(204);
    expect(granted(open, ({ name }) => name === "release")).toEqual(["read/space"]);
  });

  it("goes to the group alone where a user has the same name", async () => {
    const open = await openWritable();
    await open.send("PUT", `${permissions}/group/release/grant`, [read]);
    expect(granted(open, ({ name }) => name === "release")).toEqual(["read/space"]);
    expect(granted(open, ({ userKey }) => userKey === "key-release")).toEqual([]);
  });

  it("wants its body as JSON", async () => {
    const { sandbox, held } = await openWritable();
    const before = held();
    const response = await fetch(`${sandbox.dataCenter?.url}${permissions}/anonymous/grant`, {
      method: "PUT",
      headers: {
        authorization: "Bearer sandbox-personal-access-token",
        "content-type": "text/plain",
        "x-atlassian-token": "no-check",
      },
      body: JSON.stringify([page]),
    });
    await response.text();
    expect(response.status).toBe(415);
    expect(held()).toEqual(before);
  });
});

describe("who and when", () => {
  it("answers a 500 to a grant by somebody who administers nothing, and 401 to nobody at all", async () => {
    const { send, held } = await openWritable();
    const before = held();
    for (const change of ["grant", "revoke"]) {
      expect((await send("PUT", `${permissions}/anonymous/${change}`, [page], readerToken)).status).toBe(500);
      expect((await send("PUT", `${permissions}/anonymous/${change}`, [page], null)).status).toBe(401);
    }
    expect(held()).toEqual(before);
  });

  it.each([
    ["8.3", 404],
    ["8.6", 404],
    ["9.0", 404],
    ["9.1", 204],
    ["9.2", 204],
  ])("is there in %s: %i", async (version, expected) => {
    const { send } = await openWritable({ version });
    for (const change of ["grant", "revoke"]) {
      const { status, body } = await send("PUT", `${permissions}/group/release/${change}`, [read]);
      expect(status).toBe(expected);
      if (expected === 404) expect(fieldOf(body, "message")).toContain("null for uri");
    }
  });

  it("does not depend on the directory, which may be read-only", async () => {
    const { send } = await openWritable({ readOnlyDirectory: true });
    expect((await send("PUT", `${permissions}/user/key-bob/grant`, [read])).status).toBe(204);
  });
});
