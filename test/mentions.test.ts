import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";

/** What stands outside the source and names places in it: these hold when files move, or they mislead. */
const rooms = ["src", "examples", "sandbox/src", "test", "scripts", "bench", "docs"];
const paths = rooms.flatMap((room) => [
  room,
  ...readdirSync(room, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(^|\/)node_modules(\/|$)/.test(path))
    .map((path) => join(room, path)),
]);
const documents = [
  "CONTRIBUTING.md",
  "bench/README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)),
];

/** A file of code by its name or the end of its path, a room by its path, with `src/` or without it, or by its end: `cloud/`. */
const storeys = readdirSync("src").join("|");
const namedPaths = new RegExp(
  String.raw`(?<![\w/.@…-])((?:[\w-]+/)*[\w.-]+\.(?:ts|mjs|md)|(?:${rooms.join("|")}|${storeys})(?:/[\w-]+)+(?:\.\w+)*|(?<=\`)(?:[\w-]+/)+(?=\`))(?![\w/])`,
  "g",
);
/** A name of the code: `readConfig`, `CloudClient`. Words without a capital inside may be anybody's. */
const namedThings = /`(\w*[a-z][A-Z]\w*)`/g;

function named(document: string, pattern: RegExp): string[] {
  const text = readFileSync(document, "utf8").replaceAll("…/", "");
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))];
}

/** Protocols of OpenTelemetry's, and no files of the room of that name. */
const protocols: readonly string[] = ["http/protobuf", "http/json"];

function isThere(name: string): boolean {
  if (protocols.includes(name)) return true;
  const path = name.replace(/[/.]$/, "");
  return existsSync(path) || paths.some((each) => each.endsWith(`/${path}`));
}

function leadsSomewhere(document: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const path = file === "" ? document : join(dirname(document), file);
  if (!existsSync(path)) return false;
  return heading === undefined || headingsOf(path).includes(heading);
}

/** As code hosts make anchors of headings. */
function headingsOf(path: string): string[] {
  const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("what the documents name", () => {
  it.each(documents)("%s: files and rooms are there", (document) => {
    expect(named(document, namedPaths).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(["README.md", ...documents])("%s: links lead to a file and a heading that are there", (document) => {
    const text = readFileSync(document, "utf8").replace(/^```.*?^```/gms, "");
    const astray = [...text.matchAll(/\]\(((?!https?:|mailto:)[^)]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !leadsSomewhere(document, link));
    expect(astray).toEqual([]);
  });

  it("names of the code are in it", () => {
    const sources = ["schema.graphql", ...paths.filter((path) => /\.(ts|js|mjs)$/.test(path))];
    const code = sources.map((path) => readFileSync(path, "utf8")).join("\n");
    // A decision also names what was decided against.
    const current = documents.filter((document) => !document.startsWith("docs/decisions/"));
    const all = new Set(current.flatMap((document) => named(document, namedThings)));
    expect(all.size).toBeGreaterThan(50);
    expect([...all].filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });

  it("a place that is not there would be found", () => {
    expect(["http/limits.ts", "src/http", "cloud/", "port.ts"].filter(isThere)).toHaveLength(4);
    expect(["http/bounds.ts", "src/https", "clouds/", "ports.ts", "ort.ts"].filter(isThere)).toEqual([]);
    expect(named("CONTRIBUTING.md", namedPaths)).toEqual(
      expect.arrayContaining([
        "http/limits.ts",
        "src/confluence/port.ts",
        "accounts.ts",
        "datacenter/wire.ts",
        "test/contract",
      ]),
    );
  });
});

describe("the package's name", () => {
  // Nobody has published it: whoever takes the name in a registry would be installed by those who follow us.
  const fetching =
    /\b(?:npm (?:i|install|add|exec)|npx|pnpm add|pnpm dlx|yarn add|yarn dlx)(?: -[^\s]+)* confluence-access-graph(?![\w.-])/g;
  const isFetched = (text: string) =>
    [...text.matchAll(fetching)].some(([said]) => !said.startsWith("npx --no-install "));

  it("is fetched from no registry by anything that the documents say", () => {
    const pages = ["README.md", "CHANGELOG.md", "Dockerfile", ...documents];
    expect(pages.filter((page) => isFetched(readFileSync(page, "utf8")))).toEqual([]);
  });

  it("would be found", () => {
    const fetches = [
      "npx confluence-access-graph",
      "npm install -g confluence-access-graph",
      "npx -y confluence-access-graph doctor",
    ];
    expect(fetches.filter(isFetched)).toEqual(fetches);
    const local = ["npx --no-install confluence-access-graph", "npm install ./confluence-access-graph-0.1.0.tgz"];
    expect(local.filter(isFetched)).toEqual([]);
  });
});

const mutants = z.array(z.object({ why: z.string(), file: z.string(), was: z.string(), is: z.string() }));

it("every explicit mutant changes one place of its file, and changes it", async () => {
  const list: unknown = await import(pathToFileURL("scripts/mutants/explicit.mjs").href);
  const { explicitMutants } = z.object({ explicitMutants: mutants }).parse(list);
  const astray = explicitMutants.filter(
    ({ file, was, is }) => was === is || readFileSync(file, "utf8").split(was).length !== 2,
  );
  expect(explicitMutants.length).toBeGreaterThan(10);
  expect(astray).toEqual([]);
});
