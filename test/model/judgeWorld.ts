import type { WorldFacts } from "../sweep/writes/worldFacts.js";
import type { ModelChange } from "./changes.js";

/** A change as it was answered, and when among the others. */
export interface EndedChange {
  readonly change: ModelChange;
  /** Moments in the order of what happened: one that began after another ended came after it. */
  readonly began: number;
  readonly ended: number;
  readonly outcome: string;
  readonly code: string | null;
  readonly cause: string | null;
}

/** What a change says of a line of the world: that it is there, that it is not, or that this is not known. */
interface Word {
  readonly began: number;
  readonly ended: number;
  readonly says: readonly boolean[];
  readonly isSure: boolean;
}

const done = new Set(["CREATED", "REPLACED", "ALREADY_EXISTS", "REMOVED", "NOT_PRESENT"]);

/** Lines of the world that are other than what the outcomes say, in whichever order the changes side by side happened. */
export function judgeWorld(ended: readonly EndedChange[], before: WorldFacts, after: WorldFacts): string[] {
  const all = [...before, ...after, ...ended.flatMap(({ change }) => Object.keys(change.makes))];
  const lines = new Set(all.filter((line) => /^(member|row|role|group|blocked) /.test(line)));
  const errors = ended
    .filter(({ outcome, cause }) => outcome === "ERROR" && /^(TypeError|RangeError|Error)|undefined/.test(cause ?? ""))
    .map(({ change, cause }) => `change ${change.at} (${change.mutation}) fails with ${cause}`);
  const untruths = [...lines].flatMap((line) => {
    const was = before.has(line);
    const words = ended.flatMap((each) => wordOf(each, line));
    const sure = words.filter(({ isSure }) => isSure);
    const isOpen = (word: Word) => !sure.some(({ began }) => began > word.ended);
    const last = words.filter(isOpen);
    const candidates = [...last.flatMap(({ says }) => says), ...(last.some(({ isSure }) => isSure) ? [] : [was])];
    return candidates.includes(after.has(line)) ? [] : [`${after.has(line) ? "there" : "not there"}: ${line}`];
  });
  return [...errors, ...untruths, ...uncounted(ended, before, after)];
}

function wordOf({ change, began, ended, outcome, code }: EndedChange, line: string): Word[] {
  const wanted = change.makes[line];
  const goesAlong = change.takesAlong?.test(line) ?? false;
  const isBlurred = change.blurs?.test(line) ?? false;
  if (wanted === undefined && !goesAlong && !isBlurred) return [];
  // One of several calls of a change may be through when the next one fails.
  const isUnsure = outcome === "ERROR" || outcome === "STARTED" || (outcome === "FAILED" && code === "STATE_UNKNOWN");
  if (done.has(outcome)) {
    if (wanted !== undefined) return [{ began, ended, says: [wanted], isSure: true }];
    if (isBlurred || outcome === "NOT_PRESENT" || outcome === "ALREADY_EXISTS")
      return goesAlong && outcome === "NOT_PRESENT" && change.mutation === "deleteGroup"
        ? [{ began, ended, says: [false], isSure: true }]
        : [{ began, ended, says: isBlurred ? [true, false] : [], isSure: false }];
    return [{ began, ended, says: [false], isSure: true }];
  }
  if (isUnsure) return [{ began, ended, says: wanted === undefined ? [true, false] : [wanted], isSure: false }];
  return outcome === "FAILED" && wanted === undefined ? [{ began, ended, says: [true, false], isSure: false }] : [];
}

/** Memberships come and go one by one: as often created as removed, but for what is there more or less in the end. */
function uncounted(ended: readonly EndedChange[], before: WorldFacts, after: WorldFacts): string[] {
  const lines = new Set(
    ended.flatMap(({ change }) => Object.keys(change.makes).filter((line) => /^member /.test(line))),
  );
  return [...lines].flatMap((line) => {
    const about = ended.filter(({ change }) => change.makes[line] !== undefined);
    const isOpen = about.some(({ outcome, code }) => outcome === "ERROR" || code === "STATE_UNKNOWN");
    const goes = ended.some(({ change, outcome }) => change.takesAlong?.test(line) && outcome !== "NOT_PRESENT");
    if (isOpen || goes) return [];
    const count = (name: string) => about.filter(({ outcome }) => outcome === name).length;
    const balance = count("CREATED") - count("REMOVED");
    const real = Number(after.has(line)) - Number(before.has(line));
    return balance === real
      ? []
      : [`${line}: ${count("CREATED")} created, ${count("REMOVED")} removed, and ${real} more`];
  });
}
