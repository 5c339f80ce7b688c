import { describe, expect, it } from "vitest";
import { fieldOf } from "../../support/fieldOf.js";
import { openWritable, readerToken } from "../../support/openWritable.js";
import { writableWorld } from "../../support/writableWorld.js";

const groups = "/rest/api/admin/group";

describe("writing groups", () => {
  it("creates an empty group that is then there", async () => {
    const { send, held } = await openWritable();
    const { status, body } = await send("POST", groups, { type: "group", name: "Design" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: "group", name: "Design" });
    expect((await send("GET", "/rest/api/group/design")).body).toMatchObject({ name: "Design" });
    expect(held().groups.at(-1)).toEqual({ name: "Design", members: [] });
  });

  it("wants the type of what is created", async () => {
    const { send } = await openWritable();
    expect((await send("POST", groups, { name: "design" })).status).toBe(400);
    expect((await send("POST", groups, { type: "user", name: "design" })).status).toBe(400);
  });

  it("refuses a name that is none with 400 and one that is taken with 409, whatever its letter case", async () => {
    const { send } = await openWritable();
    for (const name of [undefined, "", " ", 7, "x".repeat(256)]) {
      expect((await send("POST", groups, { type: "group", name })).status).toBe(400);
    }
    expect((await send("POST", groups, { type: "group", name: "ENGINEERING" })).status).toBe(409);
  });

  it("deletes a group with its memberships, also out of its parent, and leaves its grants behind", async () => {
    const { send, held } = await openWritable();
    expect((await send("DELETE", `${groups}/Release`)).status).toBe(204);
    expect((await send("DELETE", `${groups}/release`)).status).toBe(404);
    expect(held().groups.find(({ name }) => name === "Engineering")?.groups).toEqual([]);
    expect((await send("DELETE", `${groups}/confluence-users`)).status).toBe(204);
    const left = held().spaces[0]?.permissions.filter(({ subject }) => subject.name === "confluence-users");
    expect(left).toHaveLength(2);
  });

  it("keeps the last group that administers, and lets go of one of two", async () => {
    const { send } = await openWritable();
    expect((await send("DELETE", `${groups}/CONFLUENCE-administrators`)).status).toBe(400);
    const administrators = ["confluence-administrators", "engineering"];
    for (const [first, second] of [administrators, administrators.toReversed()]) {
      const memberOfBoth = administrators.map((name) => ({ name, members: ["admin"] }));
      const two = await openWritable({}, { world: writableWorld({ administrators, groups: memberOfBoth }) });
      expect((await two.send("DELETE", `${groups}/${first}`)).status).toBe(204);
      expect((await two.send("DELETE", `${groups}/${second}`)).status).toBe(400);
    }
  });

  it("counts a group with a global permission to administer", async () => {
    const operation = { operationKey: "administer", targetType: "application" };
    const globalPermissions = [{ subject: { type: "group", name: "engineering" } as const, operation }];
    const { send } = await openWritable(
      {},
      {
        world: writableWorld({
          administrators: [],
          globalPermissions,
          groups: [
            { name: "Engineering", members: ["admin"] },
            { name: "other", members: [] },
          ],
        }),
      },
    );
    expect((await send("DELETE", `${groups}/other`)).status).toBe(204);
    expect((await send("DELETE", `${groups}/engineering`)).status).toBe(400);
  });
});

describe("memberships", () => {
  it("come and go any number of times, each time with 204 and no body", async () => {
    const { send, held } = await openWritable();
    const members = () => held().groups.find(({ name }) => name === "Engineering")?.members;
    for (let times = 0; times < 2; times += 1) {
      const { status, text } = await send("PUT", "/rest/api/user/BOB/group/engineering");
      expect([status, text]).toEqual([204, ""]);
      expect(members()).toEqual(["ann", "left", "bob"]);
    }
    for (let times = 0; times < 2; times += 1) {
      expect((await send("DELETE", "/rest/api/user/bob/group/ENGINEERING")).status).toBe(204);
      expect(members()).toEqual(["ann", "left"]);
    }
  });

  it("answer 404 for an unknown user and for an unknown group", async () => {
    const { send } = await openWritable();
    for (const method of ["PUT", "DELETE"]) {
      expect((await send(method, "/rest/api/user/nobody/group/engineering")).status).toBe(404);
      const { status, body } = await send(method, "/rest/api/user/ann/group/nothing");
      expect(status).toBe(404);
      expect(body).toMatchObject({ statusCode: 404, data: { successful: false } });
    }
  });

  it("cannot be addressed where a name holds a slash", async () => {
    const { send, held } = await openWritable(
      {},
      {
        world: writableWorld({
          groups: [
            { name: "a/b", members: [] },
            { name: "confluence-administrators", members: ["admin"] },
          ],
        }),
      },
    );
    const { status, headers } = await send("PUT", "/rest/api/user/ann/group/a%2Fb");
    expect(status).toBe(400);
    expect(headers.get("content-type")).toContain("text/html");
    expect(held().groups[0]?.members).toEqual([]);
  });
});

const every: readonly (readonly [string, string, unknown])[] = [
  ["POST", groups, { type: "group", name: "design" }],
  ["DELETE", `${groups}/release`, undefined],
  ["PUT", "/rest/api/user/bob/group/engineering", undefined],
  ["DELETE", "/rest/api/user/ann/group/engineering", undefined],
];

describe.each(every)("%s %s", (method, path, body) => {
  it("is forbidden to somebody who administers nothing, and where the directory is read-only", async () => {
    for (const [options, token] of [
      [{}, readerToken],
      [{ readOnlyDirectory: true }, undefined],
    ] as const) {
      const { send, held } = await openWritable(options);
      const before = held();
      const answer = await send(method, path, body, token);
      expect([answer.status, fieldOf(answer.body, "statusCode")]).toEqual([403, 403]);
      expect(held()).toEqual(before);
    }
  });

  it("is there in every version", async () => {
    const { send } = await openWritable({ version: "7.19" });
    expect((await send(method, path, body)).status).toBeLessThan(300);
  });
});
