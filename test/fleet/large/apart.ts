import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Random } from "../../../sandbox/src/world/generation/random.js";
import { Questions } from "../../soak/questions.js";
import { makeScene } from "../../soak/scene.js";
import { sendQuery } from "../../support/sendQuery.js";
import type { LargeOptions } from "./command.js";
import {
  engineEnv,
  errorsOf,
  fleetKey,
  type Member,
  siteEnv,
  siteIdOf,
  startMember,
  startSite,
  untilIndexed,
  untilReady,
} from "./startFleet.js";

/** What must not meet though it stands on one engine: sites, credentials of one site, and what could be read there in plain. */
export async function keepApart(options: LargeOptions): Promise<string[]> {
  const watch = await options.engine.watch();
  const found = [...(await twoSites(options)), ...(await twoCredentials(options)), ...(await twoVersions(options))];
  const { keys, dump } = await options.engine.dump();
  const told = watch.end();
  options.print(`${keys} keys, ${dump.length} bytes; ${told.length} bytes of commands`);
  if (keys < 100) found.push(`the engine holds ${keys} keys: that nothing stands there in plain is no wonder`);
  return [...found, ...plainTexts(dump, "what the engine keeps"), ...plainTexts(told, "what it is told")];
}

/** Names, ids, addresses and secrets of the tests, none of which an engine is to learn. */
export function plainTexts(bytes: Buffer, where: string): string[] {
  const texts = [
    ...[
      "712020:human-",
      "Human ",
      "@sandbox.test",
      "@example.com",
      "Space 1",
      "Group 1",
      "Group of",
      "group-of",
      "g-17",
    ],
    ...["sandbox-token", "sandbox-personal-access-token", "sandbox-reader-token", fleetKey, "127.0.0.1"],
    ...["displayName", "accountId", "spaceKey", '"read"', "membersByGroupId", "/wiki/"],
  ];
  return texts.flatMap((text) => {
    const at = bytes.indexOf(text);
    const around = bytes.subarray(Math.max(0, at - 60), at + 60).toString("latin1");
    return at < 0 ? [] : [`${where} holds ${JSON.stringify(text)}: ${JSON.stringify(around)}`];
  });
}

/** Two sites of the same ids and other facts: each process is right about its own. */
async function twoSites({ engine, print }: LargeOptions): Promise<string[]> {
  const scenes = [
    makeScene({ clients: 60, spaces: 40, groups: 20 }),
    makeScene({ clients: 60, spaces: 40, groups: 7 }),
  ];
  const sites = await Promise.all(scenes.map(({ world }) => startSite({ world, rate: null, latencyMs: 0 })));
  const members = await Promise.all(
    sites.flatMap(({ url }) => [0, 1].map(() => startMember({ ...siteEnv(url), ...engineEnv(engine) }))),
  );
  try {
    await Promise.all(members.map(untilReady));
    const found: string[] = [];
    for (const turn of [0, 1])
      for (const [at, member] of members.entries()) {
        const scene = scenes[at >> 1];
        if (scene === undefined) continue;
        const questions = new Questions(scene, await siteIdOf(member));
        const random = new Random("apart");
        for (let number = 0; number < 150; number += 1) {
          const { kind, document, variables, judge, facts } = questions.next(random);
          const { data } = await sendQuery(member.url, document, variables);
          const still = scene.ledger.stoodStill(scene.ledger.look(facts));
          const faults = data?.it == null ? ["null"] : judge(data, still);
          found.push(...faults.map((fault) => `site ${at >> 1}, turn ${turn}, ${kind}: ${fault}`));
        }
      }
    print(`two sites: ${found.length} answers were wrong`);
    return found.slice(0, 20);
  } finally {
    await Promise.all(members.map((member) => member.kill()));
    await Promise.all(sites.map((site) => site.close()));
  }
}

const wide = `{
  spaces(first: 200) { totalCount completeness { isComplete } nodes { key name grants(first: 200) { completeness { isComplete }
    nodes { principal { __typename ... on Account { username displayName email } ... on Group { name } } permissions { operation } } } } }
  groups(first: 200) { completeness { isComplete } nodes { name members(first: 200) { completeness { isComplete } nodes { username } } } }
  accounts(first: 200) { completeness { isComplete } nodes { username displayName email status } }
}`;

/** Two credentials of one site, of which one may see less: each process answers as it does without an engine. */
async function twoCredentials({ engine, print }: LargeOptions): Promise<string[]> {
  const site = await startSite({ world: null, rate: null, latencyMs: 0, args: ["--dc-port", "0"] });
  const envOf = (token: string) => ({
    ...{ CONFLUENCE_URL: site.dataCenterUrl, CONFLUENCE_DEPLOYMENT: "datacenter" },
    CONFLUENCE_PERSONAL_ACCESS_TOKEN: token,
  });
  const tokens = ["sandbox-personal-access-token", "sandbox-reader-token"];
  const members: Member[] = [];
  const start = async (env: Readonly<Record<string, string>>) => {
    const member = await startMember(env);
    members.push(member);
    return member;
  };
  const ask = async (member: Member) => {
    await sendQuery(member.url, wide);
    await untilIndexed(member);
    const { data, errors } = await sendQuery(member.url, wide);
    return { data, codes: (errors ?? []).map(({ extensions, path }) => [extensions.code, path]) };
  };
  try {
    const [admin, reader] = await Promise.all(tokens.map(async (token) => ask(await start(envOf(token)))));
    if (isDeepStrictEqual(admin, reader)) return ["both credentials see the same: that tells nothing"];
    const found: string[] = [];
    const together = await Promise.all(
      [...tokens, ...tokens].map((token) => start({ ...envOf(token), ...engineEnv(engine) })),
    );
    for (const turn of [0, 1])
      for (const [at, member] of together.entries()) {
        const told = await ask(member);
        if (!isDeepStrictEqual(told, at % 2 === 0 ? admin : reader))
          found.push(`credential ${at % 2}, turn ${turn}: is answered otherwise than without an engine`);
      }
    print(`two credentials: ${found.length} answers were wrong`);
    return found;
  } finally {
    await Promise.all(members.map((member) => member.kill()));
    await site.close();
  }
}

/** The built program as one that gives its readings another shape: it leaves what the present one wrote aside, and is left aside by it. */
async function makeOtherVersion(): Promise<string> {
  const root = join(import.meta.dirname, "../../..");
  const folder = await mkdtemp(join(tmpdir(), "version-"));
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "dist/cache/cacheKey.js");
  const text = await readFile(file, "utf8");
  const other = text.replace(/shapeVersion = \d+/, "shapeVersion = 999");
  if (other === text) throw new Error("The version of what is kept stands elsewhere.");
  await writeFile(file, other);
  return folder;
}

async function twoVersions({ engine, print }: LargeOptions): Promise<string[]> {
  const scene = makeScene({ clients: 40, spaces: 20, groups: 10 });
  const site = await startSite({ world: scene.world, rate: null, latencyMs: 0 });
  const folder = await makeOtherVersion();
  const env = { ...siteEnv(site.url), ...engineEnv(engine) };
  const members: Member[] = [];
  try {
    const found: string[] = [];
    const calls: number[] = [];
    for (const program of ["main.js", "main.js", join(folder, "dist/main.js"), join(folder, "dist/main.js")]) {
      const member = await startMember(env, program);
      members.push(member);
      await untilReady(member);
      const questions = new Questions(scene, await siteIdOf(member));
      const random = new Random("versions");
      await site.takeCalls();
      for (let number = 0; number < 80; number += 1) {
        const { kind, document, variables, judge, facts } = questions.next(random);
        if (kind === "effective access") continue;
        const { data } = await sendQuery(member.url, document, variables);
        const faults = data?.it == null ? ["null"] : judge(data, scene.ledger.stoodStill(scene.ledger.look(facts)));
        found.push(...faults.map((fault) => `version of ${program}, ${kind}: ${fault}`));
      }
      calls.push((await site.takeCalls()).count);
      found.push(...errorsOf(member.program));
    }
    print(`two versions: ${found.length} answers were wrong; calls of two of each: ${calls.join(", ")}`);
    const [first = 0, second = 0, third = 0, fourth = 0] = calls;
    if (second > first / 4 || fourth > third / 4) found.push("two of one version do not share");
    if (third < first / 2) found.push("another version was answered from what this one wrote");
    return found;
  } finally {
    await Promise.all(members.map((member) => member.kill()));
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}
