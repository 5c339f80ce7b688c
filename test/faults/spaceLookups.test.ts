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
