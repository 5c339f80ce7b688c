import { describe, expect, it } from "vitest";
import { generateWorld } from "../../src/sandbox/generate/generateWorld.js";
import { columnOf } from "./columnOf.js";
import { openSandbox } from "./openSandbox.js";

describe("a large world", () => {
  it("loads, pages and resets without sorting or copying everything for each request", async () => {
    const world = generateWorld("random:large:accounts=30000,groups=400,spaces=1000,memberships=400000");
    const { get, raw } = await openSandbox({ world });
    const group = world.cloud?.groups[0];
    const found = new Set<unknown>();
    for (let start = 0; ; ) {
      const { body } = await get(`/wiki/rest/api/group/${group?.id}/membersByGroupId?start=${start}&limit=200`);
      const ids = columnOf(body, "accountId");
      if (ids.length === 0) break;
      for (const id of ids) found.add(id);
      start += ids.length;
    }
    expect(found.size).toBeGreaterThan(19_000);
    const pageMs: number[] = [];
    for (let page = 0; page < 50; page += 1) {
      const began = performance.now();
      await get(`/wiki/rest/api/search/user?cql=type=user&start=${page * 200}&limit=200`);
      await get("/wiki/api/v2/spaces?limit=250&status=current");
      pageMs.push(performance.now() - began);
    }
    // Generous: it is to catch a sort of everything for every page, not a busy machine.
    expect(pageMs.sort((a, b) => a - b)[25]).toBeLessThan(100);
    expect((await raw("/__sandbox/reset", { method: "POST" })).status).toBe(204);
  });
});
