import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Random } from "../../../sandbox/src/world/generation/random.js";
import { type Question, Questions } from "../../soak/questions.js";
import { makeScene } from "../../soak/scene.js";
import { sendQuery } from "../../support/sendQuery.js";
import type { Engine } from "./Engine.js";
import {
  areTogether,
  engineEnv,
  type Member,
  siteEnv,
  siteIdOf,
  startMember,
  startSite,
  untilIndexed,
  untilReady,
} from "./startFleet.js";
import { Togetherness } from "./Togetherness.js";

interface BurstOptions {
  readonly processes: number;
  /** `null`: each process does all by itself, as without an engine. */
  readonly engine: Engine | null;
  readonly queries: number;
  readonly rate: number;
}

export interface Burst {
  /** What was asked of the site until all was answered, the first crawl of its index included. */
  readonly calls: number;
  /** Of these, what it refused for how much was asked. */
  readonly refused: number;
  readonly seconds: number;
  /** What each question was answered in the end. */
  readonly answers: readonly unknown[];
  readonly wrong: readonly string[];
  /** What processes said that went on without the others for a moment, where they ask by themselves. */
  readonly partings: readonly string[];
  /** How often each route was called, and how many of these calls had been made before as they were. */
  readonly routes: ReadonlyMap<string, RouteCalls>;
}

interface RouteCalls {
  readonly calls: number;
  readonly again: number;
}

/** The same questions asked at once of each of several processes that know nothing yet. */
export async function burst({ processes, engine, queries, rate }: BurstOptions): Promise<Burst> {
  const scene = makeScene({ clients: 200 });
  const site = await startSite({ world: scene.world, rate, latencyMs: 20 });
  const env = { ...siteEnv(site.url), ...engineEnv(engine) };
  const members = await Promise.all(Array.from({ length: processes }, () => startMember(env)));
  const together = new Togetherness(() => members);
  try {
    await Promise.all(members.map(untilReady));
    while (engine !== null && !(await areTogether(members))) await pause(100);
    const before = new Set(together.partingsTold());
    const [first] = members;
    if (first === undefined) throw new Error("No process.");
    const questions = new Questions(scene, await siteIdOf(first));
    const random = new Random("burst");
    const asked = Array.from({ length: queries }, () => questions.next(random));
    await site.takeCalls();
    const askAll = () => Promise.all(members.map((member) => Promise.all(asked.map((each) => ask(member, each)))));
    const began = performance.now();
    const cold = await askAll();
    await Promise.all(members.map((member) => untilIndexed(member)));
    const seconds = (performance.now() - began) / 1_000;
    const { count, refused, paths } = await site.takeCalls();
    const partings = together.partingsTold().filter((line) => !before.has(line));
    // While the index is read an answer says what it lacks, so that only now all must be the same.
    const warm = await askAll();
    const [answers = []] = warm;
    const wrong = [cold, warm].flatMap((told, turn) =>
      told.flatMap((own, process) =>
        own.flatMap((answer, number) => {
          const question = asked[number];
          if (question === undefined) return [];
          const facts = scene.ledger.stoodStill(scene.ledger.look(question.facts));
          const isOther = turn === 1 && !isDeepStrictEqual(answer.data, answers[number]?.data);
          return [...judge(question, answer, facts), ...(isOther ? ["another process answers otherwise"] : [])].map(
            (fault) =>
              `${turn === 0 ? "cold" : "warm"}, process ${process + 1}, ${question.kind} ${JSON.stringify(question.variables)}: ${fault}`,
          );
        }),
      ),
    );
    const told = { calls: count, refused, seconds, partings, routes: countByRoute(paths) };
    return { ...told, answers: answers.map(({ data }) => data), wrong };
  } finally {
    await Promise.all(members.map((member) => member.kill()));
    await site.close();
  }
}

type Answer = Awaited<ReturnType<typeof sendQuery>>;

function ask({ url }: Member, { document, variables }: Question): Promise<Answer> {
  return sendQuery(url, document, variables);
}

function judge(question: Question, { data, errors }: Answer, still: ReadonlyMap<string, boolean>): string[] {
  // An index that is being read says what it lacks.
  if (data?.it == null) return (errors ?? []).length === 0 ? ["null without a word"] : [];
  return question.judge(data, still);
}

/** What is asked in a body is not in the journal: of such calls none is known to have been made before. */
function countByRoute(calls: readonly string[]): ReadonlyMap<string, RouteCalls> {
  const seen = new Set<string>();
  const routes = new Map<string, RouteCalls>();
  for (const call of calls) {
    const route = routeOf(call);
    const { calls: known, again } = routes.get(route) ?? { calls: 0, again: 0 };
    const isAgain = call.startsWith("GET ") && seen.has(call);
    seen.add(call);
    routes.set(route, { calls: known + 1, again: again + (isAgain ? 1 : 0) });
  }
  return routes;
}

function routeOf(call: string): string {
  const [path = "", query = ""] = call.split("?");
  const parameters = [...new URLSearchParams(query).keys()].filter((name) => name !== "limit");
  const route = path.replace(/\/(g-)?\d+(?=\/|$)/g, "/{id}");
  return parameters.length === 0 ? route : `${route}?${parameters.join("&")}`;
}
