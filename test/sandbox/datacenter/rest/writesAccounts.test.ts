import { describe, expect, it } from "vitest";
import { fieldOf } from "../../support/fieldOf.js";
import { MovableClock } from "../../support/MovableClock.js";
import { openWritable, readerToken } from "../../support/openWritable.js";
import { writableWorld } from "../../support/writableWorld.js";

const accounts = "/rest/api/admin/user";
const zoe = {
  userName: "zoe",
  fullName: "Zoe Zacharias",
  email: "zoe@example.com",
  password: "long enough",
  notifyViaEmail: false,
};

describe("creating a user", () => {
  it("answers 201 with the key alone, and puts the user into the default group", async () => {
    const { send, held } = await openWritable();
    const { status, body } = await send("POST", accounts, zoe);
    expect(status).toBe(201);
    const userKey = fieldOf(body, "userKey");
    expect(body).toEqual({ userKey: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(held().users.at(-1)).toEqual({
      userKey,
      username: "zoe",
      displayName: "Zoe Zacharias",
      email: "zoe@example.com",
      status: "current",
    });
    expect(
      held()
        .groups.filter(({ members }) => members.includes("zoe"))
        .map(({ name }) => name),
    ).toEqual(["confluence-users"]);
  });

  it("gives out the same keys in every run", async () => {
    const keys = [];
    for (const { send } of [await openWritable(), await openWritable()]) {
      keys.push(fieldOf((await send("POST", accounts, zoe)).body, "userKey"));
    }
    expect(keys[0]).toBe(keys[1]);
  });

  it("creates one without any group where the default group is not there", async () => {
    const { send, held } = await openWritable(
      {},
      { world: writableWorld({ groups: [{ name: "confluence-administrators", members: ["admin"] }] }) },
    );
    expect((await send("POST", accounts, zoe)).status).toBe(201);
    expect(held().groups.flatMap(({ members }) => members)).not.toContain("zoe");
  });

  it("takes names with @, / and dots", async () => {
    const { send } = await openWritable();
    for (const userName of ["z@example.com", "team/zoe", "z.o.e"]) {
      expect((await send("POST", accounts, { ...zoe, userName })).status).toBe(201);
    }
  });

  it.each([
    ["no user name", { userName: undefined }],
    ["a blank user name", { userName: "  " }],
    ["an upper case letter", { userName: "Zoe" }],
    ["whitespace", { userName: "zoe z" }],
    ["a comma", { userName: "zoe,z" }],
    ["a backslash", { userName: "zoe\\z" }],
    ["a quote", { userName: "o'zoe" }],
    ["the name of nobody", { userName: "anonymous" }],
    ["no full name", { fullName: "" }],
    ["angle brackets in the full name", { fullName: "Zoe <Z>" }],
    ["no e-mail", { email: null }],
    ["what is no e-mail", { email: "zoe" }],
    ["no word on notification", { notifyViaEmail: undefined }],
    ["notification said in words", { notifyViaEmail: "false" }],
    ["a password with notification", { notifyViaEmail: true }],
    ["no password without notification", { password: undefined }],
    ["a blank password", { password: " " }],
  ])("refuses %s with 400 and creates nobody", async (_, change) => {
    const { send, held } = await openWritable();
    const before = held().users.length;
    const { status, body } = await send("POST", accounts, { ...zoe, ...change });
    expect(status).toBe(400);
    expect(body).toMatchObject({ statusCode: 400, message: expect.any(String), reason: "Bad Request" });
    expect(held().users.length).toBe(before);
  });

  it("takes no password when it is told to notify", async () => {
    const { send } = await openWritable();
    const { password: _, ...rest } = zoe;
    expect((await send("POST", accounts, { ...rest, notifyViaEmail: true })).status).toBe(201);
  });

  it("answers 409 to a name that is taken, whatever its letter case", async () => {
    const world = writableWorld();
    const [admin, ...others] = world.dataCenter?.users ?? [];
    if (admin === undefined) throw new Error("the world has no users");
    const users = [admin, ...others, { ...admin, userKey: "key-zoe", username: "ZOE" }];
    const { send } = await openWritable({}, { world: writableWorld({ users }) });
    expect((await send("POST", accounts, zoe)).status).toBe(409);
    expect((await send("POST", accounts, { ...zoe, userName: "left" })).status).toBe(409);
  });

  it("answers 402 when no licence is left; deactivated users take none", async () => {
    const { send } = await openWritable({ licenceSeats: 5 });
    expect((await send("POST", accounts, zoe)).status).toBe(201);
    expect((await send("POST", accounts, { ...zoe, userName: "yan" })).status).toBe(402);
    expect((await send("PUT", `${accounts}/zoe/disable`)).status).toBe(204);
    expect((await send("POST", accounts, { ...zoe, userName: "yan" })).status).toBe(201);
  });
});

describe("changing a user", () => {
  it("changes the full name and the e-mail, and nothing else", async () => {
    const { send, held } = await openWritable();
    const before = held().users.find(({ username }) => username === "ann");
    const { status, text } = await send("PUT", `${accounts}/ANN`, { fullName: "Ann Ash", email: "ash@example.com" });
    expect([status, text]).toEqual([204, ""]);
    expect(held().users.find(({ username }) => username === "ann")).toEqual({
      ...before,
      displayName: "Ann Ash",
      email: "ash@example.com",
    });
  });

  it("wants both, and an existing user", async () => {
    const { send } = await openWritable();
    expect((await send("PUT", `${accounts}/ann`, { fullName: "Ann Ash" })).status).toBe(400);
    expect((await send("PUT", `${accounts}/ann`, { fullName: "Ann > Bob", email: "a@example.com" })).status).toBe(400);
    const { status, body } = await send("PUT", `${accounts}/nobody`, { fullName: "A", email: "a@example.com" });
    expect(status).toBe(404);
    expect(body).toMatchObject({ statusCode: 404, data: { successful: false } });
  });

  it("disables and enables any number of times, and keeps the memberships", async () => {
    const { send, held } = await openWritable();
    const status = () => held().users.find(({ username }) => username === "ann")?.status;
    for (const [change, expected] of [
      ["disable", "deactivated"],
      ["disable", "deactivated"],
      ["enable", "current"],
      ["enable", "current"],
    ]) {
      expect((await send("PUT", `${accounts}/ann/${change}`)).status).toBe(204);
      expect(status()).toBe(expected);
    }
    expect(held().groups.find(({ name }) => name === "Engineering")?.members).toContain("ann");
    expect((await send("PUT", `${accounts}/nobody/disable`)).status).toBe(404);
  });

  it.each([
    ["gone-away", "disable", "externally_deleted"],
    ["gone-away", "enable", "externally_deleted"],
    ["guest", "enable", "unlicensed"],
    ["guest", "disable", "deactivated"],
  ])("makes nothing else of a user than what it is told: %s, %s, then %s", async (name, change, expected) => {
    const { send, held } = await openWritable();
    expect((await send("PUT", `${accounts}/${name}/${change}`)).status).toBe(204);
    expect(held().users.find(({ username }) => username === name)?.status).toBe(expected);
  });

  it.each([
    ["guest", "unlicensed"],
    ["ann", "current"],
    ["left", "current"],
  ])("gives %s back its status from before: %s", async (name, expected) => {
    const { send, rpc, held } = await openWritable();
    const status = () => held().users.find(({ username }) => username === name)?.status;
    for (let times = 0; times < 2; times += 1) {
      expect((await send("PUT", `${accounts}/${name}/disable`)).status).toBe(204);
      expect(await rpc("deactivateUser", name)).toBe(true);
      expect(status()).toBe("deactivated");
      expect((await send("PUT", `${accounts}/${name}/enable`)).status).toBe(204);
      expect(await rpc("reactivateUser", name)).toBe(true);
      expect(status()).toBe(expected);
    }
    const { body } = await send("GET", `/rest/api/user?username=${name}&expand=status`);
    expect(body).toMatchObject({ status: expected });
  });

  it("sets a password that is not blank", async () => {
    const { send } = await openWritable();
    expect((await send("POST", `${accounts}/ann/password`, { password: "new" })).status).toBe(204);
    expect((await send("POST", `${accounts}/ann/password`, { password: "" })).status).toBe(400);
    expect((await send("POST", `${accounts}/nobody/password`, { password: "new" })).status).toBe(404);
  });
});

describe("deleting a user", () => {
  it("deletes a user later, with its memberships, and leaves its grants behind", async () => {
    const clock = new MovableClock();
    const { send, held } = await openWritable({ longTaskMs: 3_000 }, { clock });
    const { status, body } = await send("DELETE", `${accounts}/Ann`);
    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.any(String), links: { status: expect.stringContaining("/rest/api/longtask/") } });
    const task = `/rest/api/longtask/${String(fieldOf(body, "id"))}`;
    clock.advance(2_999);
    expect((await send("GET", "/rest/api/user?username=ann")).status).toBe(200);
    expect(fieldOf((await send("GET", task)).body, "percentageComplete")).not.toBe(100);
    clock.advance(1);
    expect((await send("GET", task)).body).toMatchObject({ percentageComplete: 100, successful: true });
    expect((await send("GET", "/rest/api/user?username=ann")).status).toBe(404);
    expect(held().groups.flatMap(({ members }) => members)).not.toContain("ann");
    expect(held().spaces[0]?.permissions.filter(({ subject }) => subject.userKey === "key-ann")).toHaveLength(2);
    expect((await send("DELETE", `${accounts}/ann`)).status).toBe(404);
  });

  it("tells how long it took, which does not go on when it has ended, at either address of the task", async () => {
    const clock = new MovableClock();
    const { send } = await openWritable({ longTaskMs: 3_000 }, { clock });
    const id = String(fieldOf((await send("DELETE", `${accounts}/ann`)).body, "id"));
    const elapsed = async (end: string) =>
      fieldOf((await send("GET", `/rest/api/longtask/${id}${end}`)).body, "elapsedTime");
    clock.advance(1_000);
    expect([await elapsed(""), await elapsed("/status")]).toEqual([1_000, 1_000]);
    clock.advance(60_000);
    expect([await elapsed(""), await elapsed("/status")]).toEqual([3_000, 3_000]);
    expect((await send("GET", "/rest/api/longtask/unknown/status")).status).toBe(404);
  });

  it("takes a second request while the first is under way, and survives both", async () => {
    const clock = new MovableClock();
    const { send } = await openWritable({}, { clock });
    const ids = [];
    for (let times = 0; times < 2; times += 1) {
      ids.push(fieldOf((await send("DELETE", `${accounts}/ann`)).body, "id"));
    }
    expect(ids[0]).not.toBe(ids[1]);
    clock.advance(60_000);
    for (const id of ids) {
      expect((await send("GET", `/rest/api/longtask/${String(id)}`)).body).toMatchObject({ successful: true });
    }
    expect((await send("GET", "/rest/api/longtask/unknown")).status).toBe(404);
  });
});

const every: readonly (readonly [string, string, unknown])[] = [
  ["POST", accounts, zoe],
  ["PUT", `${accounts}/ann`, { fullName: "A", email: "a@example.com" }],
  ["PUT", `${accounts}/ann/disable`, undefined],
  ["PUT", `${accounts}/ann/enable`, undefined],
  ["POST", `${accounts}/ann/password`, { password: "new" }],
  ["DELETE", `${accounts}/ann`, undefined],
];

describe.each(every)("%s %s", (method, path, body) => {
  it("is forbidden to somebody who administers nothing, and 401 to nobody at all", async () => {
    const { send, held } = await openWritable();
    const before = held();
    expect((await send(method, path, body, readerToken)).status).toBe(403);
    expect((await send(method, path, body, null)).status).toBe(401);
    expect(held()).toEqual(before);
  });

  it("answers 400 where the directory is read-only", async () => {
    const { send, held } = await openWritable({ readOnlyDirectory: true, longTaskMs: 0 });
    const before = held();
    const answer = await send(method, path, body);
    expect([answer.status, fieldOf(answer.body, "message")]).toEqual([400, expect.stringContaining("read-only")]);
    expect(held()).toEqual(before);
  });
});

describe("the version", () => {
  it.each([
    ["8.3", ["POST /", "PUT /ann", "POST /ann/password"]],
    ["8.6", ["PUT /ann"]],
    ["9.2", []],
    ["10.2", []],
  ])("of %s lacks %j: a missing route, not a missing user", async (version, missing) => {
    const { send } = await openWritable({ version });
    const found = [];
    for (const [method, path, body] of every) {
      const answer = await send(method, path, body);
      if (answer.status === 404 && fieldOf(answer.body, "data") === undefined) {
        expect(fieldOf(answer.body, "message")).toContain("null for uri");
        found.push(`${method} ${path.slice(accounts.length) || "/"}`);
      } else expect(answer.status).toBeLessThan(300);
    }
    expect(found).toEqual(missing);
  });
});
