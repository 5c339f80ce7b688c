import { human } from "../support/worlds.js";
import { accessFact } from "./scene.js";
import type { Intent } from "./Tally.js";

/** A call as the journal of the site has it. */
export interface SentCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly status: number | null;
}

/** A write that reached the site. */
export interface SentWrite {
  readonly atMs: number;
  readonly gives: boolean;
  /** Of a row of a space, which row; which fact that is it does not tell. */
  readonly row: string | null;
  readonly fact: string | null;
  readonly space: number | null;
  readonly text: string;
}

/** A time in which a lock may have gone from whoever held it: a process stood still, or the database was away. */
export interface LostLocks {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long after that somebody may still be between its last look at its lock and its call. */
const onTheWayMs = 3_000;

/** The writes among calls: whatever they were answered, but for what the site says that it did not do. */
export function writesIn(calls: readonly SentCall[]): readonly SentWrite[] {
  return calls.flatMap((call): readonly SentWrite[] => {
    const { method, path, status } = call;
    const isDone = status === null || (status !== 429 && status < 500);
    if (!isDone || (method !== "POST" && method !== "DELETE")) return [];
    const url = new URL(path, "http://site");
    const sent = { atMs: Date.parse(call.at), gives: method === "POST", text: `${method} ${path} ${status}` };
    const body = call.body === undefined ? {} : (JSON.parse(call.body) as SentBody);
    if (url.pathname === "/wiki/rest/api/group/userByGroupId") {
      const accountId = body.accountId ?? url.searchParams.get("accountId");
      return [{ ...sent, row: null, fact: `member ${accountId} ${url.searchParams.get("groupId")}`, space: null }];
    }
    const [, key, row = null] = /^\/wiki\/rest\/api\/space\/S(\d+)\/permission(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (key === undefined) return [];
    const space = Number(key);
    const account = body.subject?.identifier;
    const fact = account === undefined ? null : `access ${account} ${spaceIdOf(space)}`;
    return [{ ...sent, row, fact, space }];
  });
}

interface SentBody {
  readonly accountId?: string;
  readonly subject?: { readonly identifier: string };
}

/** As the facts of the scene name it. */
function spaceIdOf(space: number): string {
  return accessFact(1, space).slice(`access ${human(1).accountId} `.length);
}

/**
 * What was sent otherwise than once for each change, and by nothing that was asked for. Twice may be sent what two processes come to
 * between their last look at a lock that is gone and their call, for it is the same call: those are counted.
 */
export function judgeWrites(
  writes: readonly SentWrite[],
  intents: readonly Intent[],
  lost: readonly LostLocks[],
): { readonly wrong: readonly string[]; readonly inWindow: number } {
  const wrong: string[] = [];
  let inWindow = 0;
  const isInWindow = ({ atMs }: SentWrite) =>
    lost.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs + onTheWayMs);
  const surplus = (write: SentWrite, why: string) => {
    if (isInWindow(write)) inWindow += 1;
    else wrong.push(`${why}: ${write.text} at ${new Date(write.atMs).toISOString()}`);
  };
  const byFact = groupBy(intents, ({ fact }) => fact.name);
  const bySpace = groupBy(
    intents.filter(({ fact, gives }) => fact.kind === "access" && !gives),
    ({ fact }) => String(fact.target),
  );
  const sentFor = new Map<Intent, number>();
  const rows = new Set<string>();
  for (const write of [...writes].sort((a, b) => a.atMs - b.atMs)) {
    const { atMs, gives, row, fact, space } = write;
    const during = ({ fromMs, toMs }: Intent) => atMs >= fromMs && atMs <= toMs;
    if (row !== null) {
      const askedFor = (bySpace.get(String(space)) ?? []).filter(during);
      if (rows.has(row)) surplus(write, "a row is taken away twice");
      else if (askedFor.length === 0) surplus(write, "nobody asked for it");
      rows.add(row);
      for (const intent of askedFor) sentFor.set(intent, (sentFor.get(intent) ?? 0) + 1);
      continue;
    }
    const intent = (byFact.get(fact ?? "") ?? []).find(during);
    if (intent === undefined) surplus(write, "nobody asked for it");
    else if (intent.gives !== gives) wrong.push(`the contrary of ${intent.requestId} was sent: ${write.text}`);
    else {
      const count = (sentFor.get(intent) ?? 0) + 1;
      sentFor.set(intent, count);
      if (count > 1) surplus(write, `${intent.requestId} was sent ${count} times`);
      else if (isNothingDone(intent))
        wrong.push(`${intent.requestId} was answered ${intent.outcome} and sent: ${write.text}`);
    }
  }
  const unsent = intents.filter(
    (intent) => /^(CREATED|REMOVED)$/.test(intent.outcome ?? "") && (sentFor.get(intent) ?? 0) === 0,
  );
  wrong.push(...unsent.map(({ requestId, outcome }) => `${requestId} was answered ${outcome}, and nothing was sent`));
  return { wrong, inWindow };
}

/** Told so at once: a repeat may tell of what the first call did. */
function isNothingDone({ outcome, repeats }: Intent): boolean {
  return repeats === 0 && /^(ALREADY_EXISTS|NOT_PRESENT)$/.test(outcome ?? "");
}

function groupBy<T>(items: readonly T[], of: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(of(item));
    if (group === undefined) groups.set(of(item), [item]);
    else group.push(item);
  }
  return groups;
}
