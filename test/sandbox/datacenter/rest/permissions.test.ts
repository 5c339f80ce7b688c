import { describe, expect, it } from "vitest";
import { columnOf } from "../../support/columnOf.js";
import { openDataCenter } from "../../support/openDataCenter.js";

const path = "/rest/api/space/ENG/permissions";

describe("space permissions", () => {
  it("are one whole list of rows", async () => {
    const { get } = await openDataCenter();
    const { status, body } = await get("/rest/api/space/eng/permissions");
    expect(status).toBe(200);
    expect(body).toHaveLength(8);
    expect(body).toEqual(
      expect.arrayContaining([
        {
          operation: { targetType: "space", operationKey: "read" },
          subject: { type: "group", name: "a" },
          spaceKey: "ENG",
          spaceId: 131073,
        },
        expect.objectContaining({ operation: { targetType: "page", operationKey: "export" } }),
        expect.objectContaining({ subject: { type: "anonymous" } }),
        expect.objectContaining({ subject: { type: "unlicensed" } }),
      ]),
    );
  });

  it("tells users by key, whatever the type says", async () => {
    const { get } = await openDataCenter();
    const { body } = await get(path);
    const users = columnOf({ results: body }, "subject").filter((subject) =>
      JSON.stringify(subject).includes("userKey"),
    );
    expect(users).toEqual([
      { type: "known", userKey: "key-cy" },
      { type: "known", userKey: "key-bob" },
      { userKey: "key-gone" },
      { type: "user", userKey: "long-gone" },
    ]);
  });

  it.each([
    ["anonymous", 1],
    ["group/A", 1],
    ["group/c", 0],
    ["user/key-bob", 1],
    ["user/key-admin", 0],
  ])("of one subject: %s has %i", async (subject, count) => {
    const { get } = await openDataCenter();
    const { status, body } = await get(`${path}/${subject}`);
    expect([status, body]).toEqual([200, expect.any(Array)]);
    expect(body).toHaveLength(count);
  });

  it.each(["group/gone", "user/key-gone", "user/bob"])("are missing for %s", async (subject) => {
    const { get } = await openDataCenter();
    expect(await get(`${path}/${subject}`)).toMatchObject({ status: 404, body: { statusCode: 404 } });
  });

  it("are missing where the space is", async () => {
    const { get } = await openDataCenter();
    expect((await get("/rest/api/space/NONE/permissions")).body).toMatchObject({ message: "No space with key : NONE" });
    expect((await get("/rest/api/space/SECRET/permissions")).body).toEqual([]);
  });
});

describe("global permissions", () => {
  it("are one whole list of rows", async () => {
    const { get } = await openDataCenter();
    expect((await get("/rest/api/permissions")).body).toEqual([
      {
        operation: { targetType: "application", operationKey: "use" },
        subject: { type: "group", name: "confluence-users" },
      },
      {
        operation: { targetType: "application", operationKey: "administer" },
        subject: { type: "group", name: "confluence-administrators" },
      },
      { operation: { targetType: "application", operationKey: "use_unlicensed" }, subject: { type: "unlicensed" } },
      { operation: { targetType: "space", operationKey: "create" }, subject: { type: "known", userKey: "key-dee" } },
    ]);
  });

  it.each([
    ["anonymous", 0],
    ["unlicensed", 1],
    ["group/CONFLUENCE-USERS", 1],
    ["user/key-dee", 1],
    ["user/DEE", 1],
  ])("of one subject: %s has %i", async (subject, count) => {
    const { get } = await openDataCenter();
    expect((await get(`/rest/api/permissions/${subject}`)).body).toHaveLength(count);
  });

  it.each(["group/gone", "user/nobody"])("are missing for %s", async (subject) => {
    const { get } = await openDataCenter();
    expect((await get(`/rest/api/permissions/${subject}`)).status).toBe(404);
  });
});
