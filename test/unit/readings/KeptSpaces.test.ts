import { describe, expect, it } from "vitest";
import type { SpaceId } from "../../../src/domain/ids.js";
import { SiteLoaders } from "../../../src/loaders/engine/SiteLoaders.js";
import { readAccessOfSpace } from "../../../src/readings/accessFacts.js";
import { KeptSpaces } from "../../../src/readings/KeptSpaces.js";
import { gap, spaceOf } from "../../access/scene.js";
import { openCrawl } from "../../crawl/openCrawl.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const grants = ["account read/space", "group:staff role:editor"];
const roles = { editor: ["create/page"] };

describe("what spaces grant, kept arranged", () => {
  const facts = spaceOf({ grants, roles });

  it("is the same for the same reading, in whatever object it comes", () => {
    const kept = new KeptSpaces();
    expect(kept.indexOf({ ...facts, grants: { ...facts.grants } })).toBe(kept.indexOf(facts));
  });

  it.each([
    ["other grants", { grants: spaceOf({ grants: ["account read/space"] }).grants }],
    ["grants read again that are the same", { grants: { ...facts.grants, asOfMs: facts.grants.asOfMs + 1 } }],
    ["other roles", { roles: spaceOf({ roles: { editor: ["delete/page"] } }).roles }],
    ["roles read again that are the same", { roles: { ...facts.roles, asOfMs: facts.roles.asOfMs - 1 } }],
    ["another status", { status: "TRASHED" as const }],
    ["another model", { model: "PRE_ROLES" as const }],
    ["an assumption", { grants: { ...facts.grants, assumptions: ["NO_SPACE_ROLES" as const] } }],
    ["a gap of the space", { gaps: [gap("the space")] }],
    ["a gap of the grants", { grants: { ...facts.grants, gaps: [gap("its grants")] } }],
    ["a gap of the roles", { roles: { ...facts.roles, gaps: [gap("the roles")] } }],
  ])("is arranged anew for %s, and tells what a fresh one tells", (_, changed) => {
    const kept = new KeptSpaces();
    kept.indexOf(facts);
    expect(kept.indexOf({ ...facts, ...changed })).toEqual(new KeptSpaces().indexOf({ ...facts, ...changed }));
    expect(kept.indexOf({ ...facts, ...changed })).not.toEqual(kept.indexOf({ ...facts, spaceId: "2" as SpaceId }));
  });

  it("is bounded by grants: the least recently used spaces go first", () => {
    const kept = new KeptSpaces(5);
    const spaces = ["1", "2", "3"].map((id) => ({ ...facts, spaceId: id as SpaceId }));
    const [first, second] = spaces.slice(0, 2).map((each) => kept.indexOf(each));
    expect(kept.indexOf(spaces[0] ?? facts)).toBe(first);
    kept.indexOf(spaces[2] ?? facts);
    expect(kept.indexOf(spaces[0] ?? facts)).toBe(first);
    expect(kept.indexOf(spaces[1] ?? facts)).not.toBe(second);
  });
});

it("arranges a space once for requests that read nothing new of it", async () => {
  await using site = await openCrawl({
    world: cloudWorld({
      accounts: [human(1)],
      spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
    }),
  });
  const kept = new KeptSpaces();
  const arrange = async () => kept.indexOf(await readAccessOfSpace(new SiteLoaders(site.store, 0), "1001" as SpaceId));
  const first = await arrange();
  await site.clock.advance(1_000);
  expect(await arrange()).toBe(first);
});
