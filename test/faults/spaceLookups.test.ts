import { describe, expect, it } from "vitest";
import { cloudWorld, human, space } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({
  accounts: [human(1)],
  spaces: [space(1), space(2, { status: "archived" }), space(3, { status: "trashed" })],
});

const document = `{ current: space(key: "S1") { name } archived: space(key: "S2") { name }
  trashed: space(key: "S3") { name } missing: space(key: "NONE") { name } }`;

describe("spaces looked up together, when the call for one status fails", () => {
  it("answers those found in the other statuses, and leaves the rest unknown instead of absent", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/api/v2/spaces?status=archived", times: "always", status: 403 });
    const { data, errors } = await stack.query(document);
    expect(data).toEqual({
      current: { name: "Space 1" },
      archived: null,
      trashed: { name: "Space 3" },
      missing: null,
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["archived"], "UPSTREAM_FORBIDDEN"],
      [["missing"], "UPSTREAM_FORBIDDEN"],
    ]);
  });

  it("does not remember as absent what it could not look for", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({ match: "GET /wiki/api/v2/spaces?status=archived", times: 1, status: 403 });
    await stack.query(document);
    const { data, errors } = await stack.query(document);
    expect(errors).toBeUndefined();
    expect(data.archived).toEqual({ name: "Space 2" });
  });
});

describe("spaces looked up together on Cloud", () => {
  const call = /^\/wiki\/api\/v2\/spaces$/;
  const rowOf = (number: number) => ({
    id: String(1_000 + number),
    key: `S${number}`,
    name: `Space ${number}`,
    type: "global",
    status: "current",
  });
  const two = `{ one: space(key: "S1") { name } two: space(key: "S2") { name } }`;
  const all = cloudWorld({ accounts: [human(1)], spaces: [space(1), space(2)] });
  const firstPage = {
    match: "GET /wiki/api/v2/spaces?status=current",
    times: 1,
    status: 200,
    body: { results: [rowOf(1)], _links: { next: "/wiki/api/v2/spaces?cursor=again" } },
  };

  it("are all found where the answer goes on on a next page", async () => {
    await using stack = await startFaultyStack({ world: all });
    await stack.fail(firstPage, {
      ...firstPage,
      match: "GET /wiki/api/v2/spaces?cursor=again",
      body: { results: [rowOf(2)], _links: {} },
    });
    const { data, errors } = await stack.query(two);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ one: { name: "Space 1" }, two: { name: "Space 2" } });
  });

  it("leave open whether those are there who may stand on a page that is named again and again", async () => {
    await using stack = await startFaultyStack({ world: cloudWorld({ accounts: [human(1)], spaces: [space(1)] }) });
    await stack.fail({ ...firstPage, times: "always" });
    const { data, errors } = await stack.query(two);
    expect(data).toEqual({ one: { name: "Space 1" }, two: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[["two"], "INCOMPLETE"]]);
  });

  it("by 250 long keys stand in addresses that are short enough, ordinary ids in one", async () => {
    const personal = Array.from({ length: 250 }, (_, index) => `~7120206b1c${String(index).padStart(32, "0")}`);
    await using stack = await startFaultyStack({ world: all });
    const look = personal.map((key, index) => `k${index}: space(key: "${key}") { name }`).join(" ");
    await stack.query(`{ ${look} }`);
    const asked = stack.sandbox.journal().filter(({ path }) => call.test(path.split("?")[0] ?? ""));
    expect(Math.max(...asked.map(({ path }) => path.length))).toBeLessThan(7_000);
    expect(asked).toHaveLength(3 * 2);
    await stack.forgetCalls();
    const ids = Array.from(
      { length: 250 },
      (_, index) => `i${index}: space(spaceId: "${10_000_000_000 + index}") { name }`,
    );
    await stack.query(`{ ${ids.join(" ")} }`);
    expect(stack.sandbox.journal().filter(({ path }) => call.test(path.split("?")[0] ?? ""))).toHaveLength(3);
  });
});

it("accounts looked up together are unknown, not absent, where the answer says that it goes on", async () => {
  await using stack = await startFaultyStack({ world: cloudWorld({ accounts: [human(1), human(2)] }) });
  const { accountId, displayName } = human(1);
  await stack.fail({
    match: "POST /wiki/api/v2/users-bulk",
    times: "always",
    status: 200,
    body: {
      results: [{ accountId, displayName, accountType: "atlassian" }],
      _links: { next: "/wiki/api/v2/users-bulk?cursor=x" },
    },
  });
  const { data, errors } = await stack.query(
    `{ one: account(accountId: "${accountId}") { displayName } two: account(accountId: "${human(2).accountId}") { displayName } }`,
  );
  expect(data).toEqual({ one: { displayName }, two: null });
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[["two"], "INCOMPLETE"]]);
});
