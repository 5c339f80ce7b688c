import { describe, expect, it } from "vitest";
import type { GroupId } from "../../../../src/domain/ids.js";
import { known, openAnswering, openSite, page } from "./openSite.js";

const group = (name: string) => name as GroupId;

describe("the groups that a group is in", () => {
  it("are told over all pages, each group on its own", async () => {
    const { site } = await openAnswering(({ pathname, searchParams }) => {
      if (pathname.includes("/nowhere/")) return null;
      if (!pathname.includes("/a/")) return page([]);
      const next = "/rest/api/group/a/groupparent?limit=1000&start=1";
      return searchParams.get("start") === "1" ? page([{ name: "y" }]) : page([{ name: "x" }], next);
    });
    const found = (await site.groups.parentsOf?.(["a", "b", "nowhere", "s/w"].map(group))) ?? new Map();
    expect(known(found, group("a")).items.map(({ groupId }: { groupId: string }) => groupId)).toEqual(["x", "y"]);
    expect(known(found, group("b"))).toMatchObject({ items: [], gaps: [] });
    expect(found.get(group("nowhere"))).toMatchObject({ kind: "NotVisible" });
    expect(found.get(group("s/w"))).toMatchObject({ kind: "Unsupported" });
  });

  it("are Unsupported for every group where the site has no such call, which is asked once in ten minutes", async () => {
    const { site, calls, clock, forgetCalls } = await openSite();
    const read = async () => [...((await site.groups.parentsOf?.(["a", "b"].map(group))) ?? new Map()).values()];
    expect(await read()).toMatchObject([{ kind: "Unsupported" }, { kind: "Unsupported" }]);
    await forgetCalls();
    expect(await read()).toMatchObject([{ kind: "Unsupported" }, { kind: "Unsupported" }]);
    expect(calls()).toEqual([]);
    await clock.advance(600_000);
    await read();
    expect(calls().length).toBeGreaterThan(0);
  });
});
