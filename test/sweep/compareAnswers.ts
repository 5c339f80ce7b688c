import type { SweptAnswer } from "./openGraph.js";

/** Something that an answer says otherwise than the answer without faults, and does not own up to. */
export interface Untruth {
  /** Without positions in lists: `spaces.nodes.grants`. */
  readonly place: string;
  readonly what: "missing" | "invented" | "changed" | "null" | "total";
  readonly was: string;
  readonly is: string;
  /** Whether nothing in the whole answer says that anything is missing. */
  readonly isSilent: boolean;
}

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** Not what was read: when, where the next page begins, how the gaps are worded; who told is told by what was told. */
const unjudged = new Set([
  "asOf",
  "cursor",
  "startCursor",
  "endCursor",
  "sweptCompleteness",
  "completeness",
  "hasNextPage",
  "hasPreviousPage",
  "statusSource",
  "statusAsReported",
  "kindAsReported",
  "totalCount",
]);

/** How a decision says why it is not known: nothing else is claimed by these where the decision itself is `UNKNOWN`. */
const sayingWhy = new Set(["reason", "explanation"]);

function isUndecided({ decision }: Fields): boolean {
  return decision === "UNKNOWN";
}

/** Every untruth in `answer`, where `truth` is what the same query answers without faults. */
export function compareAnswers(truth: SweptAnswer, answer: SweptAnswer): readonly Untruth[] {
  const untruths: Untruth[] = [];
  const isSilent = answer.errors.length === 0 && answer.gaps.length === 0;
  const paths = answer.errors.map(({ path = [] }) => path);

  function report(path: Path, what: Untruth["what"], was: unknown, is: unknown, isDeclared: boolean): void {
    if (isDeclared || isOwned(path)) return;
    const place = path.filter((part) => typeof part === "string").join(".");
    untruths.push({ place, what, was: brief(was), is: brief(is), isSilent });
  }

  /** An error stands at the place, above it, or below it where a null travelled up. */
  function isOwned(path: Path): boolean {
    return paths.some((each) => each.slice(0, path.length).every((part, at) => part === path[at]));
  }

  function walk(was: unknown, is: unknown, path: Path, isDeclared: boolean): void {
    if (Array.isArray(was) && Array.isArray(is)) {
      walkList(was, is, path, isDeclared);
      return;
    }
    if (isFields(was) && isFields(is)) {
      const isIncomplete = isDeclared || isDeclaredIn(is);
      for (const name of Object.keys(was)) {
        const own = [...path, name];
        if (name === "totalCount") walkTotal(was[name], is[name], own, isIncomplete);
        else if (!unjudged.has(name) && !(isUndecided(is) && sayingWhy.has(name)))
          walk(was[name], is[name], own, isIncomplete);
      }
      return;
    }
    if (isSame(was, is)) return;
    // An honest value: nobody said.
    if (is === "UNKNOWN" || is === "NONE") return;
    report(path, is === null || is === undefined ? "null" : "changed", was, is, isDeclared);
  }

  function walkTotal(was: unknown, is: unknown, path: Path, isDeclared: boolean): void {
    if (was !== is && !(is === null && isDeclared)) report(path, "total", was, is, isDeclared && is === null);
  }

  function walkList(was: readonly unknown[], is: readonly unknown[], path: Path, isDeclared: boolean): void {
    if (![...was, ...is].some((item) => isFields(item))) {
      if (JSON.stringify(was) !== JSON.stringify(is)) report(path, "changed", was, is, isDeclared);
      return;
    }
    const isPositional = [...was, ...is].some((item) => identity(item) === null);
    const unmatched = is.map((item, at) => ({ item, at }));
    was.forEach((item, position) => {
      const found = unmatched.findIndex((other) =>
        isPositional ? other.at === position : identity(other.item) === identity(item),
      );
      const [match] = found < 0 ? [] : unmatched.splice(found, 1);
      if (match === undefined) report(path, "missing", item, null, isDeclared);
      else walk(item, match.item, [...path, match.at], isDeclared);
    });
    for (const { item } of unmatched) report(path, "invented", null, item, isDeclared);
  }

  walk(truth.data, answer.data, [], false);
  return untruths;
}

function isDeclaredIn({ sweptCompleteness }: Fields): boolean {
  return isFields(sweptCompleteness) && sweptCompleteness.isComplete === false;
}

/** What tells an item of a list from others. */
function identity(item: unknown): string | null {
  if (!isFields(item)) return null;
  if (typeof item.sweptId === "string") return item.sweptId;
  if (isFields(item.account) && typeof item.account.sweptId === "string") return item.account.sweptId;
  if (isFields(item.node)) return identity(item.node);
  if (typeof item.operation === "string") return `${item.operation}/${String(item.target)}`;
  if (typeof item.name === "string") return item.name;
  return null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Addresses are compared without the port that this run happened to get. */
function isSame(was: unknown, is: unknown): boolean {
  const text = (value: unknown) => (JSON.stringify(value) ?? "").replace(/^"http:\/\/127\.0\.0\.1:\d+/, '"');
  return text(was) === text(is);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 90 ? `${text.slice(0, 87)}…` : text;
}
