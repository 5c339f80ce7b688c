import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

interface Compared {
  readonly undeclared: readonly string[];
  readonly stale: readonly string[];
}

async function compare(released: string, current: string, declared = ""): Promise<Compared> {
  const script: unknown = await import(pathToFileURL("scripts/breaking.mjs").href);
  if (typeof script !== "object" || script === null || !("compareToRelease" in script)) throw new Error("no script");
  const { compareToRelease } = script;
  if (typeof compareToRelease !== "function") throw new Error("no function");
  return compareToRelease({ released, current, declared }) as Compared;
}

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost"])\n';
const released = `${link}
  type Query { thing(id: ID!): Thing @cost(weight: 5) things: [Thing!] }
  type Thing @key(fields: "id") @key(fields: "siteId") { id: ID! siteId: ID! name: String old: String @deprecated(reason: "Ask name.") }`;

describe("the schema against the released one", () => {
  it("is the same, and may grow, without a word", async () => {
    expect(await compare(released, released)).toEqual({ undeclared: [], stale: [] });
    const grown = released.replace("name: String", "name: String more: Int").replace("weight: 5", "weight: 9");
    expect(await compare(released, grown)).toEqual({ undeclared: [], stale: [] });
  });

  it.each([
    ["a field that is gone", "things: [Thing!]", "", "Query.things was removed."],
    ["a value that may be null now", "siteId: ID!", "siteId: ID", "Thing.siteId changed type from ID! to ID."],
    [
      "an argument that is wanted now",
      "things:",
      "things(first: Int!):",
      "A required arg first on Query.things was added.",
    ],
    [
      "a key by which others name an entity",
      ' @key(fields: "siteId")',
      "",
      'Thing @key(fields: "siteId") was removed.',
    ],
  ])("breaks by %s, unless that is declared", async (_what, text, by, change) => {
    const current = released.replace(text, by);
    expect(await compare(released, current)).toEqual({ undeclared: [change], stale: [] });
    expect(await compare(released, current, `# Nobody asked for it.\n${change}\n`)).toEqual({
      undeclared: [],
      stale: [],
    });
  });

  it("says which declared break is none", async () => {
    expect(await compare(released, released, "Query.other was removed.")).toEqual({
      undeclared: [],
      stale: ["Query.other was removed."],
    });
  });
});
