import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { ChangedParts } from "../../../src/access/index/copies/ChangedParts.js";
import { permissionIdOf } from "../../../src/confluence/datacenter/grants.js";
import { partShape } from "../../../src/crawl/shared/EngineShelf.js";
import { shapeOf } from "../../unit/loaders/shapeOf.js";
import { accountPart, nothingMissing, putGroup, putSite, putSpace } from "./indexFacts.js";
import { makeWorld, partsOf } from "./indexWorlds.js";

/** What the parts of an index look like on their way to other processes, in the version of shapes that it was written for. */
const golden = join(import.meta.dirname, "copyShapes.json");

it("has another version of shapes where a part of an index looks otherwise than it did in this one", () => {
  const copies = new Map<string, unknown[]>();
  for (let seed = 0; seed < 24; seed += 1) {
    const world = makeWorld(seed);
    const missing = seed % 2 === 0 ? nothingMissing : { parts: new Set(partsOf(world)), share: 0.5 };
    const hasNestedGroups = world.kind === "DATA_CENTER";
    const index = new AccessIndex({ rules: world.rules, hasNestedGroups, permissionIdOf }, new ChangedParts(true));
    for (const space of world.spaces) putSpace(index, space, missing);
    for (const group of world.groups) putGroup(index, group, missing, !hasNestedGroups);
    index.replaceAccounts(world.accounts.map(accountPart), 2_000);
    putSite(index, world, missing);
    for (const name of index.copies.names()) {
      const copy: unknown = JSON.parse(JSON.stringify(index.copies.copy(name)));
      const [of = ""] = name.split(":");
      copies.set(of, [...(copies.get(of) ?? []), copy]);
    }
  }
  const shapes = Object.fromEntries([...copies].sort().map(([of, all]) => [of, shapeOf(all)]));
  expect(Object.keys(shapes)).toEqual(["accounts", "group", "groups", "site", "space", "spaces"]);
  // Where this fails: raise `partShape` in src/crawl/shared/EngineShelf.ts, and write what is told here into the file.
  expect({ partShape, shapes }).toStrictEqual(JSON.parse(readFileSync(golden, "utf8")));
});
