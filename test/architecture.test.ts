import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** From the top down: a file imports from its own storey and from those below it. */
const storeys = [
  "main",
  "index",
  "cli",
  "compose",
  "server",
  "graph",
  "provisioning",
  "crawl",
  "readings",
  "access",
  "loaders",
  "record",
  "callers",
  "cache",
  "confluence",
  "http",
  "fleet",
  "observability",
  "config",
  "domain",
] as const;
/** A package beside the house: an oracle that knows nothing of what it judges. */
const sandbox = {
  storey: "sandbox",
  package: "confluence-access-graph-sandbox",
  index: "sandbox/src/index.ts",
} as const;
const adapters = ["cloud", "datacenter", "organization"] as const;
const maxLines = 350;

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** What it imports, of itself or of others, types included: paths below the project, or names of packages. */
  readonly imports: readonly string[];
}

function filesBelow(folder: string, kinds: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => kinds.test(path))
    .sort();
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const statements = text.matchAll(/^(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm);
  const calls = text.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  const imports = [...statements, ...calls].map(([, specifier = ""]) => {
    if (specifier === sandbox.package) return sandbox.index;
    return specifier.startsWith(".") ? join(dirname(path), specifier).replace(/\.js$/, ".ts") : specifier;
  });
  return { path, text, imports: [...new Set(imports)] };
}

/** The folder below `src` that a file stands in; a file of `src` itself is on a storey of its own name. */
function storeyOf(path: string): string {
  if (path.startsWith("sandbox/")) return sandbox.storey;
  const [, first = "", ...rest] = path.split("/");
  if (rest.length > 0) return first;
  return first.startsWith("compose") ? "compose" : basename(first, ".ts");
}

const sources = ["src", "sandbox/src"].flatMap((root) => filesBelow(root, /\.ts$/)).map(readSource);
const arrows = sources.flatMap(({ path, imports }) =>
  imports.filter((target) => /^(src|sandbox)\//.test(target)).map((target) => ({ path, target })),
);
const headOfSandbox = /^(?:import|export)\s(?!type\s)[^;"']*\sfrom\s+"confluence-access-graph-sandbox"/m;
const show = ({ path, target }: { path: string; target: string }) => `${path} → ${target}`;

function isComposing(path: string): boolean {
  return ["main", "index", "cli", "compose"].includes(storeyOf(path));
}

/** The adapter that a file belongs to, and whether it is one of the adapter's wire types. */
function adapterOf(path: string): { adapter: string | undefined; isWire: boolean } {
  const adapter = adapters.find((name) => path.startsWith(`src/confluence/${name}/`));
  return { adapter, isWire: adapter !== undefined && /\/wire\.ts$/.test(path) };
}

/** Sets of files that reach each other (Tarjan). */
function findCycles(files: readonly SourceFile[]): string[][] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): number => {
    const mine = order.size;
    order.set(path, mine);
    lowest.set(path, mine);
    stack.push(path);
    for (const target of byPath.get(path)?.imports ?? []) {
      if (!byPath.has(target)) continue;
      if (!order.has(target)) lowest.set(path, Math.min(lowest.get(path) ?? mine, visit(target)));
      else if (stack.includes(target)) lowest.set(path, Math.min(lowest.get(path) ?? mine, order.get(target) ?? mine));
    }
    if (lowest.get(path) === mine) {
      const members = stack.splice(stack.indexOf(path));
      if (members.length > 1) cycles.push(members.sort());
    }
    return lowest.get(path) ?? mine;
  };
  for (const { path } of files) if (!order.has(path)) visit(path);
  return cycles;
}

describe("the house", () => {
  it("is found: a rule over no files would hold of anything", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(arrows.length).toBeGreaterThan(sources.length);
    expect(arrows.map(show)).toContain("src/main.ts → src/cli/command.ts");
    expect(arrows.map(({ target }) => target).filter((target) => !sources.some(({ path }) => path === target))).toEqual(
      [],
    );
  });

  it("has a storey for every folder", () => {
    const known: readonly string[] = [...storeys, sandbox.storey];
    expect(sources.map(({ path }) => path).filter((path) => !known.includes(storeyOf(path)))).toEqual([]);
  });

  it("imports downward only", () => {
    const height = (path: string) => (storeys as readonly string[]).indexOf(storeyOf(path));
    const inHouse = arrows.filter(({ path, target }) => height(path) >= 0 && height(target) >= 0);
    expect(inHouse.length).toBeGreaterThan(100);
    expect(inHouse.filter(({ path, target }) => height(target) < height(path)).map(show)).toEqual([]);
  });

  it("lets the sandbox stand alone, and only what composes know it: by its package, and loaded when it is needed", () => {
    const isOfSandbox = (path: string) => storeyOf(path) === sandbox.storey;
    const crossing = arrows.filter(({ path, target }) => isOfSandbox(path) !== isOfSandbox(target));
    expect(crossing.length).toBeGreaterThan(0);
    expect(crossing.filter(({ path }) => !isComposing(path)).map(show)).toEqual([]);
    expect(crossing.filter(({ target }) => target !== sandbox.index).map(show)).toEqual([]);
    // The package may be absent: a head that imported it would keep the server from starting.
    const heads = sources.filter(({ path, text }) => !isOfSandbox(path) && headOfSandbox.test(text));
    expect(heads.map(({ path }) => path)).toEqual([]);
    expect('import { startSandbox } from "confluence-access-graph-sandbox";').toMatch(headOfSandbox);
  });

  it("gives the sandbox nothing but Node", () => {
    const outward = sources
      .filter(({ path }) => storeyOf(path) === sandbox.storey)
      .flatMap(({ path, imports }) => imports.map((target) => ({ path, target })));
    expect(outward.length).toBeGreaterThan(100);
    expect(outward.filter(({ target }) => !/^(sandbox\/src\/|node:)/.test(target)).map(show)).toEqual([]);
  });

  it("keeps the domain free of everything, packages included", () => {
    const domain = sources.filter(({ path }) => storeyOf(path) === "domain");
    expect(domain.length).toBeGreaterThan(5);
    const outward = domain.flatMap(({ path, imports }) => imports.map((target) => ({ path, target })));
    expect(outward.filter(({ target }) => !target.startsWith("src/domain/")).map(show)).toEqual([]);
  });

  it("keeps adapters apart, known only to what composes, and their wire types to themselves", () => {
    const entering = arrows.filter(({ path, target }) => {
      const { adapter, isWire } = adapterOf(target);
      if (adapter === undefined || adapterOf(path).adapter === adapter) return false;
      return isWire || !isComposing(path);
    });
    expect(entering.map(show)).toEqual([]);
    expect(sources.some(({ path }) => adapterOf(path).isWire)).toBe(true);
  });

  it("asks for the deployment nowhere above the adapters: what differs is a member of the port", () => {
    const forks = sources.filter(({ text }) => /[dD]eployment\s*[!=]==|case "(?:cloud|datacenter)"/.test(text));
    const knowing = ["config", "confluence", "compose", "sandbox"];
    const above = forks.map(({ path }) => path).filter((path) => !knowing.includes(storeyOf(path)));
    // The deployment is a field of the graph, and its values have names of their own there.
    expect(above).toEqual(["src/graph/site/SiteNode.ts"]);
  });

  it("has a server that names nothing of what the graph is about", () => {
    const server = sources.filter(({ path }) => storeyOf(path) === "server");
    expect(server.length).toBeGreaterThan(5);
    expect(server.filter(({ text }) => /confluence|atlassian/i.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("has an http that names no variable of the configuration", () => {
    const http = sources.filter(({ path }) => storeyOf(path) === "http");
    expect(http.length).toBeGreaterThan(5);
    const variables = /\b(?:CONFLUENCE|ATLASSIAN|CACHE)_[A-Z_]+\b/;
    expect(http.filter(({ text }) => variables.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("loads the libraries of tracing in one place, and that where spans are wanted alone", () => {
    const opening = "src/observability/tracing/openTracing.ts";
    const loading = sources.filter(({ imports }) => imports.some((target) => target.startsWith("@opentelemetry/")));
    expect(loading.map(({ path }) => path)).toEqual([opening]);
    const entering = sources.filter(({ imports }) => imports.includes(opening));
    expect(entering.map(({ path }) => path)).toEqual(["src/compose/compose.ts"]);
    expect(entering.every(({ text }) => !/^import\s[^;]*openTracing\.js"/m.test(text))).toBe(true);
  });

  it("loads the client of what processes share in one place, and that where it is configured alone", () => {
    const loading = sources.filter(({ imports }) => imports.includes("ioredis")).map(({ path }) => path);
    expect(loading).toEqual(["src/fleet/redis/connectRedis.ts"]);
    const entering = sources.filter(({ imports }) => loading.some((path) => imports.includes(path)));
    expect(entering.map(({ path }) => path)).toEqual(["src/compose/fleet/openFleet.ts"]);
    expect(entering.every(({ text }) => !/^import\s[^;]*connectRedis\.js"/m.test(text))).toBe(true);
  });

  it("has no circles, also within a room, and also of types alone", () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it("finds a cycle, so that the rule above can fail", () => {
    const file = (path: string, ...imports: string[]): SourceFile => ({ path, text: "", imports });
    expect(findCycles([file("a", "b"), file("b", "c"), file("c", "b"), file("d", "a")])).toEqual([["b", "c"]]);
  });
});

describe("its files", () => {
  it(`hold at most ${maxLines} lines`, () => {
    expect(sources.filter(({ text }) => text.split("\n").length - 1 > maxLines).map(({ path }) => path)).toEqual([]);
  });

  it("stand in no drawer for everything", () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc)(\.|\/|$)/i;
    const paths = ["src", "sandbox/src", "test"].flatMap((root) => filesBelow(root, /./));
    expect(paths.filter((path) => drawers.test(path))).toEqual([]);
  });

  it("start the sandboxes of tests where a fault that never acts fails its test, but for the sandbox's own tests", () => {
    const starting = filesBelow("test", /\.ts$/).filter((path) => /\bstartSandbox\(/.test(readFileSync(path, "utf8")));
    // The sweep gives no faults to its sandbox: they are at an edge of its own, which counts them.
    // The kills give none either: what goes wrong is the process.
    const own = ["test/sweep/deployments.ts", "test/kills/command.ts"];
    const meant = ["test/support/deadFaults.ts", "test/architecture.test.ts", ...own];
    expect(starting.filter((path) => !meant.includes(path) && !path.startsWith("test/sandbox/"))).toEqual([]);
  });

  it("read the environment only where the process starts", () => {
    const readers = sources.filter(({ text }) => /\bprocess\s*\.\s*env\b|\benv\b[^;\n]*from "node:process"/.test(text));
    // It keeps the environment from a library that would read it.
    const keeper = "src/observability/tracing/openTracing.ts";
    expect(readers.map(({ path }) => path).filter((path) => !["main", "cli"].includes(storeyOf(path)))).toEqual([
      keeper,
    ]);
    expect(readers.map(({ path }) => path)).toContain("src/main.ts");
  });

  it("never write to the console", () => {
    expect(sources.filter(({ text }) => /\bconsole\s*[.[]/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("name no place of the machine they were written on, and no private registry", () => {
    const texts = [
      ...sources.map(({ path }) => path),
      ...filesBelow("test", /\.(ts|json|graphql)$/),
      ...filesBelow("docs", /\.md$/),
      ...filesBelow("sandbox", /^sandbox\/[^/]+\.json$/),
      ...filesBelow("scripts", /\.m?[jt]s$/),
      ...readdirSync(".").filter((path) => /\.(md|json|ts|graphql|yml)$/.test(path)),
    ];
    const checkout = process.cwd();
    const isTelling = checkout.split("/").length > 2;
    // Absolute paths below the usual roots of people's and build machines' files.
    const places = /["'`\s(=:]\/(?:home|root|Users|tmp|mnt|work|workspace|builds|private)\/\w/;
    // The lock file names no place to download from: each machine has its own.
    const registries = /"resolved":\s*"http/;
    const offenders = texts.filter((path) => {
      const text = readFileSync(path, "utf8");
      return places.test(text) || registries.test(text) || (isTelling && text.includes(`${checkout}/`));
    });
    expect(offenders).toEqual([]);
  });
});
