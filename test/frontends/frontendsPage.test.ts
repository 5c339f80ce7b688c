import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const page = read("docs/frontends.md");
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

/** What is run, by other tests and by `npm run frontends`. */
const run = ["test/frontends/snippets", "examples/schema-tools/relay"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => read(join(folder, name))),
);
const withoutIndent = (text: string) => text.replace(/^ +/gm, "").trim();
const isRun = (block: string) => run.some((text) => withoutIndent(text).includes(withoutIndent(block)));

const world = cloudWorld({
  accounts: [human(1)],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});

describe("the page for frontends", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world, env: { CORS_ORIGINS: "https://review.example.com" } });
  });
  afterAll(() => stack.close());

  it("shows code that the tests run, as they run it", () => {
    const code = blocksOf("ts");
    expect(code).toHaveLength(2);
    expect(code.filter((block) => !isRun(block))).toEqual([]);
  });

  it("shows queries that are answered, and a fragment that is compiled", async () => {
    const [fragments, queries] = [/^fragment/, /^query/].map((kind) =>
      blocksOf("graphql").filter((each) => kind.test(each)),
    );
    expect([fragments?.length, queries?.length]).toEqual([1, 2]);
    expect(fragments?.filter((block) => !isRun(block))).toEqual([]);
    for (const query of queries ?? []) {
      const { data, errors } = await stack.query(query);
      expect(errors).toBeUndefined();
      expect(Object.values(data)).not.toContain(null);
    }
  });

  it("shows what a browser asks beforehand, and the server says yes", async () => {
    const command = blocksOf("sh").find((block) => block.startsWith("curl")) ?? "";
    const headers = [...command.matchAll(/-H '(.+?): (.+?)'/g)].map(([, name = "", value = ""]) => [name, value]);
    expect(headers).toHaveLength(3);
    const answer = await request(stack.server.graphqlUrl, { method: "OPTIONS", headers: Object.fromEntries(headers) });
    await answer.body.dump();
    expect(answer.statusCode).toBe(204);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://review.example.com");
    expect(answer.headers["access-control-allow-headers"]).toMatch(/authorization, content-type/);
  });

  it("names commands and places that are there", () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));
    const commands = [...page.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = ""]) => name);
    expect(commands.length).toBeGreaterThan(1);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = ""]) => join(root, "docs", target));
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
