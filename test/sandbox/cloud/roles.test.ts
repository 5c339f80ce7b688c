import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";
import { smallWorld } from "../support/smallWorld.js";

const roles = "/wiki/api/v2/space-roles";
const assignments = "/wiki/api/v2/spaces/100/role-assignments";
const entry = (principalType: string, principalId: string, roleId?: string) => ({
  principal: { principalType, principalId },
  ...(roleId === undefined ? {} : { roleId }),
});

describe("the mode of a site", () => {
  it.each(["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const)("is told: %s", async (mode) => {
    const { get } = await openSandbox({ world: smallWorld({ mode }) });
    expect((await get("/wiki/api/v2/space-role-mode")).body).toEqual({ mode });
  });

  it("hides every role route before roles", async () => {
    const { get, post, remove } = await openSandbox({ world: smallWorld({ mode: "PRE_ROLES" }) });
    for (const path of [roles, `${roles}/r-viewer`, assignments, "/wiki/api/v2/space-permissions"]) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await post(assignments, [entry("USER", "ann", "r-viewer")])).status).toBe(404);
    expect((await remove(`${roles}/r-custom`)).status).toBe(404);
  });
});

describe("role definitions", () => {
  it("are listed, filtered by type, space and principal, the principal only as a pair", async () => {
    const { get } = await openSandbox();
    const ids = async (query: string) => columnOf((await get(`${roles}${query}`)).body, "id");
    expect(await ids("")).toEqual(["r-admin", "r-viewer", "r-custom"]);
    expect(await ids("?role-type=CUSTOM")).toEqual(["r-custom"]);
    expect(await ids("?principal-type=USER&principal-id=bob")).toEqual(["r-viewer"]);
    expect(await ids("?principal-type=USER&principal-id=bob&space-id=200")).toEqual([]);
    for (const wrong of [
      "?principal-type=USER",
      "?principal-id=bob",
      "?principal-type=APP&principal-id=x",
      "?role-type=X",
      "?space-id=x",
    ]) {
      expect((await get(`${roles}${wrong}`)).status).toBe(400);
    }
    expect((await get(`${roles}?space-id=999`)).status).toBe(404);
    expect((await get(`${roles}/r-viewer`)).body).toMatchObject({
      id: "r-viewer",
      type: "SYSTEM",
      spacePermissions: ["read/space"],
    });
    expect((await get(`${roles}/nope`)).status).toBe(404);
  });

  it("are made of a catalogue that tells what each permission requires", async () => {
    const { get } = await openSandbox();
    const { body } = await get("/wiki/api/v2/space-permissions?limit=250");
    expect(fieldOf(body, "results.0")).toMatchObject({ id: "read/space", requiredPermissionIds: [] });
    expect(columnOf(body, "id")).toContain("manage_guest_users/space");
  });

  it("are created with 201; unknown permissions, missing requirements and taken names are a 400", async () => {
    const { get, post } = await openSandbox();
    const { status, body } = await post(roles, {
      name: "Editor",
      description: "",
      spacePermissions: ["read/space", "create/page"],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ type: "CUSTOM", name: "Editor" });
    expect((await get(`${roles}/${String(fieldOf(body, "id"))}`)).status).toBe(200);
    for (const wrong of [
      { name: "A", description: "" },
      { name: "A", description: "", spacePermissions: [] },
      { name: "A", description: "", spacePermissions: ["create/page"] },
      { name: "A", description: "", spacePermissions: ["read/space", "fly/space"] },
      { name: "A", spacePermissions: ["read/space"] },
      { name: "viewer", description: "", spacePermissions: ["read/space"] },
    ]) {
      expect((await post(roles, wrong)).status).toBe(400);
    }
  });

  it("are changed with 202 and a task id, a moment after the answer", async () => {
    const clock = new MovableClock();
    const { get, put } = await openSandbox({ clock });
    const change = { name: "Author", description: "d", spacePermissions: ["read/space"] };
    const { status, body } = await put(`${roles}/r-custom`, change);
    expect(status).toBe(202);
    expect(body).toEqual({
      id: "r-custom",
      type: "CUSTOM",
      name: "Author",
      description: "d",
      taskId: expect.any(String),
    });
    expect((await get(`${roles}/r-custom`)).body).toMatchObject({ name: "Writer" });
    const task = `/wiki/rest/api/longtask/${String(fieldOf(body, "taskId"))}`;
    expect((await get(task)).body).toMatchObject({ finished: false, percentageComplete: 0 });
    clock.advance(1_000);
    expect((await get(`${roles}/r-custom`)).body).toMatchObject({ name: "Author", spacePermissions: ["read/space"] });
    expect((await get(task)).body).toMatchObject({ finished: true, successful: true, percentageComplete: 100 });
  });

  it("are deleted with 202 and a task id, their assignments with them; system roles stay", async () => {
    const clock = new MovableClock();
    const { get, post, put, remove } = await openSandbox({ clock });
    await post(assignments, [entry("GROUP", "g-eng", "r-custom")]);
    const { status, body } = await remove(`${roles}/r-custom`);
    expect([status, body]).toEqual([202, { taskId: expect.any(String) }]);
    clock.advance(1_000);
    expect((await get(`${roles}/r-custom`)).status).toBe(404);
    expect(columnOf((await get(assignments)).body, "roleId")).toEqual(["r-viewer"]);
    expect((await remove(`${roles}/r-viewer`)).status).toBe(400);
    expect(
      (await put(`${roles}/r-viewer`, { name: "V", description: "", spacePermissions: ["read/space"] })).status,
    ).toBe(400);
  });

  it("move anonymous assignments to the role that a change names for them", async () => {
    const clock = new MovableClock();
    const { get, post, put } = await openSandbox({ clock });
    await post(assignments, [
      entry("ACCESS_CLASS", "anonymous-users", "r-custom"),
      entry("GROUP", "g-eng", "r-custom"),
    ]);
    const change = { name: "Writer", description: "", spacePermissions: ["read/space", "create/page"] };
    expect((await put(`${roles}/r-custom`, { ...change, anonymousReassignmentRoleId: "nope" })).status).toBe(400);
    expect((await put(`${roles}/r-custom`, { ...change, anonymousReassignmentRoleId: "r-viewer" })).status).toBe(202);
    clock.advance(1_000);
    expect(columnOf((await get(assignments)).body, "roleId")).toEqual(["r-viewer", "r-viewer", "r-custom"]);
  });
});

describe("role assignments", () => {
  it("upsert: one role per principal per space, and an entry without a role removes it", async () => {
    const { get, post } = await openSandbox();
    const { status, body } = await post(assignments, [
      entry("USER", "bob", "r-admin"),
      entry("GROUP", "g-eng", "r-viewer"),
      entry("ACCESS_CLASS", "all-licensed-users", "r-viewer"),
    ]);
    expect(status).toBe(200);
    expect(columnOf(body, "roleId")).toEqual(["r-admin", "r-viewer", "r-viewer"]);
    expect(columnOf((await get(assignments)).body, "principal.principalId")).toEqual([
      "bob",
      "g-eng",
      "all-licensed-users",
    ]);
    expect((await post(assignments, [entry("USER", "bob"), entry("GROUP", "never-there")])).status).toBe(200);
    expect(columnOf((await get(assignments)).body, "principal.principalId")).toEqual(["g-eng", "all-licensed-users"]);
  });

  it("change nothing at all when one entry is bad", async () => {
    const { get, post } = await openSandbox();
    const bad = [
      entry("USER", "ann", "nope"),
      entry("USER", "nobody", "r-viewer"),
      entry("GROUP", "nope", "r-viewer"),
      entry("ACCESS_CLASS", "brand-new-class", "r-viewer"),
      entry("APP", "bot", "r-viewer"),
      entry("USER", "", "r-viewer"),
      { roleId: "r-viewer" },
      { ...entry("USER", "ann"), roleId: null },
      entry("USER", "bob"),
    ];
    for (const wrong of bad) {
      expect((await post(assignments, [entry("USER", "bob", "r-admin"), wrong])).status).toBe(400);
    }
    for (const wrong of [[], {}, { assignments: [] }]) expect((await post(assignments, wrong)).status).toBe(400);
    expect((await get(assignments)).body).toMatchObject({ results: [entry("USER", "bob", "r-viewer")] });
  });

  it("are filtered by role, role type and principal, the principal only as a pair", async () => {
    const { get, post } = await openSandbox();
    await post(assignments, [entry("GROUP", "g-eng", "r-custom")]);
    const ids = async (query: string) => columnOf((await get(`${assignments}?${query}`)).body, "principal.principalId");
    expect(await ids("role-id=r-viewer")).toEqual(["bob"]);
    expect(await ids("role-type=CUSTOM")).toEqual(["g-eng"]);
    expect(await ids("principal-type=GROUP&principal-id=g-eng")).toEqual(["g-eng"]);
    expect((await get(`${assignments}?principal-id=g-eng`)).status).toBe(400);
    expect((await get("/wiki/api/v2/spaces/999/role-assignments")).status).toBe(404);
  });

  it("stand beside granular grants in transition, and alone in roles-only sites", async () => {
    for (const mode of ["ROLES_TRANSITION", "ROLES"] as const) {
      const { get, post } = await openSandbox({ world: smallWorld({ mode }) });
      expect((await post(assignments, [entry("USER", "ann", "r-viewer")])).status).toBe(200);
      expect(columnOf((await get(assignments)).body, "roleId")).toHaveLength(2);
      expect(columnOf((await get("/wiki/api/v2/spaces/100/permissions")).body, "id")).toHaveLength(6);
    }
  });

  it("refuse a body over 5 MB with 413", async () => {
    const { post } = await openSandbox();
    const body = Array.from({ length: 40_000 }, (_, at) => entry("USER", `${"x".repeat(100)}${at}`));
    expect((await post(assignments, body)).status).toBe(413);
  });
});
