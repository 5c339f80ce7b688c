import type { Complete, Gap } from "../../domain/Complete.js";
import { knownOperations, nearestWord, type Operation } from "../../domain/Operation.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { InputError } from "../errors/InputError.js";
import type { GrantFilter } from "../inputs/GrantFilter.js";

/**
 * Refuses an operation or a target that no catalogue knows and no row or role holds that was read: it was mistyped, and
 * would read as "nobody". Decided with what was read for the query itself, so that no call is made to find out. While
 * something could not be read nobody knows that it is held nowhere: then it is one more gap.
 */
export function checkOperations<T>(
  sites: readonly SiteLoaders[],
  filter: GrantFilter | null | undefined,
  reading: Complete<T>,
): Complete<T> {
  const wanted = [
    ...(filter?.operations ?? []).map((word) => ({ word, part: "operation" as const })),
    ...(filter?.targets ?? []).map((word) => ({ word, part: "target" as const })),
  ];
  if (wanted.length === 0) return reading;
  const known: Record<"operation" | "target", Set<string>> = { operation: new Set(), target: new Set() };
  const learn = ({ key, target }: Operation) => {
    known.operation.add(key);
    known.target.add(target);
  };
  for (const operation of Object.values(knownOperations).flat()) learn(operation);
  for (const { store } of sites) for (const operation of store.seenOperations.all()) learn(operation);
  const isKnown = ({ word, part }: (typeof wanted)[number]) =>
    [...known[part]].some((each) => each.toLowerCase() === word.toLowerCase());
  const unknown = wanted.filter((each) => !isKnown(each));
  const [first] = unknown;
  if (first === undefined) return reading;
  const told = (each: (typeof wanted)[number]) => {
    const nearest = nearestWord(each.word, [...known[each.part]]);
    const advice = nearest === null ? "" : ` Did you mean "${nearest}"?`;
    return `No catalogue knows the ${each.part} ${JSON.stringify(each.word.slice(0, 80))}, and nothing that was read holds it.${advice} \`Site.operations\` lists those that are known.`;
  };
  if (reading.gaps.length === 0) {
    const reason = first.part === "operation" ? "UNKNOWN_OPERATION" : "UNKNOWN_TARGET";
    throw new InputError(reason, `${first.part}s`, told(first));
  }
  const gaps = unknown.map(
    (each): Gap => ({
      missing: `whether anything gives the ${each.part} ${JSON.stringify(each.word.slice(0, 80))}`,
      kind: "ReadIncomplete",
      reason: told(each),
      call: null,
      retryAfterMs: null,
    }),
  );
  return { ...reading, gaps: [...reading.gaps, ...gaps] };
}
