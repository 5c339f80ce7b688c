import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shapeVersion } from "../../../src/cache/cacheKey.js";
import { decode, encode } from "../../../src/cache/shared/encoding.js";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { composeSite, type ServedSite } from "../../../src/compose/composeSite.js";
import { startEmbeddedSandbox } from "../../../src/compose/embeddedSandbox.js";
import { Organizations } from "../../../src/compose/Organizations.js";
import { systemClock } from "../../../src/compose/systemClock.js";
import { readConfig } from "../../../src/config/readConfig.js";
import { ChangeEvents } from "../../../src/loaders/engine/ChangeEvents.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { LocalLocks } from "../../../src/record/Locks.js";
import { MemoryRecord } from "../../../src/record/MemoryRecord.js";
import { type AnyLoader, everyLoader } from "./everyLoader.js";
import { shapeOf } from "./shapeOf.js";

/** What each loader's values look like, in the version of shapes that it was written for. */
const golden = join(import.meta.dirname, "shapes.json");
const idsRead = 25;
const config = readConfig({});

let sandbox: Awaited<ReturnType<typeof startEmbeddedSandbox>>;
const served: ServedSite[] = [];
/** What was read of the made-up sites, by the name of its loader; only what may be remembered. */
const values = new Map<string, unknown[]>();

beforeAll(async () => {
  sandbox = await startEmbeddedSandbox(config);
  const [clock, logger] = [systemClock, createLogger({ level: "error", destination: { write: () => undefined } })];
  const organizations = new Organizations({ clock, random: Math.random, logger });
  const loaders = await everyLoader();
  for (const site of sandbox.sites) {
    const one = composeSite({
      ...{ config: site, organizations, clock, logger },
      record: new MemoryRecord(clock),
      locks: new LocalLocks(),
      cache: new TtlCache({ maxBytes: 100_000_000, maxEntries: 100_000, clock }),
      maxOverdueMs: 0,
      lifetimes: config.cache.ttlMs,
      indexConfig: config.index,
      changes: new ChangeEvents(),
    });
    served.push(one);
    const ids = await idsOf(one);
    for (const loader of loaders) {
      const read = await one.store.of(loader).readMany(ids(loader), 0);
      const kept = read.filter((value) => value !== null && !(value instanceof Error));
      const remembered = kept.filter((value) => loader.mayRemember?.(value) ?? true);
      values.set(loader.name, [...(values.get(loader.name) ?? []), ...remembered]);
    }
  }
});

afterAll(async () => {
  await Promise.all(served.map(({ store }) => store.site.close()));
  await sandbox.close();
});

/** Ids of which a site has something, for each loader: of every kind of thing the first some. */
async function idsOf({ store }: ServedSite): Promise<(loader: AnyLoader) => readonly string[]> {
  const byName = new Map((await everyLoader()).map((loader) => [loader.name, loader]));
  const listOf = async (name: string, id = "*"): Promise<readonly unknown[]> => {
    const loader = byName.get(name);
    const list = loader === undefined ? null : await store.read(loader, id);
    return (list as { readonly items: readonly unknown[] } | null)?.items.slice(0, idsRead) ?? [];
  };
  const field = (rows: readonly unknown[], name: string) =>
    rows
      .map((row) => (row as Readonly<Record<string, string | null>>)[name])
      .filter((id) => id !== null && id !== undefined);
  const accounts = (await listOf("accountList")) as readonly string[];
  const groups = field(await listOf("groupList"), "groupId");
  const spaces = await listOf("spaceList", "CURRENT");
  const account = byName.get("account");
  const facts = account === undefined ? [] : await store.of(account).readMany(accounts, 0);
  const known = facts.filter((fact) => fact !== null && !(fact instanceof Error));
  const lists: Readonly<Record<string, readonly string[]>> = {
    accountByUsername: field(known, "username").map((name) => name.toLowerCase()),
    accountIdsByEmail: field(known, "email").map((email) => email.toLowerCase()),
    space: field(spaces, "spaceId"),
    spaceGrants: field(spaces, "spaceId"),
    spaceByKey: field(spaces, "key"),
    spaceList: ["CURRENT", "ARCHIVED"],
  };
  return ({ name }) => {
    const special = lists[name];
    if (special !== undefined) return special;
    if (/^group($|C|M|P)/.test(name)) return groups;
    return /^account(Email)?$|^memberOf|^lastActive|^organizationUser|^listedAccount/.test(name) ? accounts : ["*"];
  };
}

it("finds something of every loader: a rule over no values would hold of anything", async () => {
  const names = (await everyLoader()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  // The made-up Data Center is of a version that cannot be asked for the parents of a group: they look as its children do.
  expect(names.filter((name) => (values.get(name) ?? []).length === 0)).toEqual(["groupParents"]);
});

it("reads back from bytes what was put into them, whatever it is", async () => {
  for (const [name, all] of values) {
    const head = [name, 1, null];
    const read = await Promise.all(
      all.map(async (value) => {
        const bytes = await encode(head, value);
        if (bytes === null) throw new Error(`${name} is too large`);
        return decode(bytes);
      }),
    );
    expect(read.map((each) => each.value)).toStrictEqual(all);
    expect(read.every((each) => Array.isArray(each.head))).toBe(true);
  }
});

it("has another version of shapes where a value looks otherwise than it did in this one", () => {
  const shapes = Object.fromEntries([...values].sort().map(([name, all]) => [name, shapeOf(all)]));
  // Where this fails: raise `shapeVersion` in src/cache/cacheKey.ts, and write what is told here into the file.
  expect({ shapeVersion, shapes }).toStrictEqual(JSON.parse(readFileSync(golden, "utf8")));
});
