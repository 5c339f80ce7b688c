import type { SpaceIndex } from "../../access/SpaceFacts.js";
import { knownOperations, nearestWord, type Operation, operationName } from "../../domain/Operation.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { PermissionInput } from "../change/inputs.js";
import { InputError } from "../errors/errorCodes.js";

/**
 * The permission that a question names, as the site spells it. One that no catalogue knows and that nothing which was read
 * for the question gives was mistyped, and would read as "nobody": it is refused, without a call to find out. While something
 * that the space grants could not be read nobody knows that it is given nowhere.
 */
export function readPermission(loaders: SiteLoaders, space: SpaceIndex, input: PermissionInput): Operation {
  const { operation, refusal } = spellPermission(loaders, space.operations, input);
  const { byAccount, shared } = space.grantsGivingAnything;
  if (refusal !== null && space.grantGaps.length + byAccount.size + shared.length === 0) throw refusal("permission");
  return operation;
}

interface SpelledPermission {
  readonly operation: Operation;
  /** What to throw where it is certain that nothing gives it; `null` where it is known. */
  readonly refusal: ((argument: string) => InputError) | null;
}

/** A permission as the site spells it, by the catalogue, by what was read so far, and by what else is known to name any. */
export function spellPermission(
  { store }: SiteLoaders,
  named: readonly Operation[],
  { operation, target }: PermissionInput,
): SpelledPermission {
  const inUse = named.find((each) => each.key === operation && each.target === target);
  if (inUse !== undefined) return { operation: inUse, refusal: null };
  const known = [...knownOperations[store.site.deployment], ...store.seenOperations.all(), ...named];
  const wanted = { key: operation, target };
  const name = operationName(wanted).toLowerCase();
  const found = known.find((each) => operationName(each).toLowerCase() === name);
  if (found !== undefined) return { operation: { key: found.key, target: found.target }, refusal: null };
  return { operation: wanted, refusal: (argument) => unknownPermission(argument, wanted, known) };
}

function unknownPermission(argument: string, wanted: Operation, known: readonly Operation[]): InputError {
  const isKnown = (word: string, words: readonly string[]) =>
    words.some((each) => each.toLowerCase() === word.toLowerCase());
  const keys = [...new Set(known.map(({ key }) => key))];
  const targets = [...new Set(known.map(({ target }) => target))];
  if (!isKnown(wanted.key, keys)) {
    return refusal(argument, "UNKNOWN_OPERATION", "operation", wanted.key, nearestWord(wanted.key, keys));
  }
  if (!isKnown(wanted.target, targets)) {
    return refusal(argument, "UNKNOWN_TARGET", "target", wanted.target, nearestWord(wanted.target, targets));
  }
  const ofOperation = known.filter(({ key }) => isKnown(key, [wanted.key]));
  const [only] = ofOperation;
  const names = (ofOperation.length === 1 && only !== undefined ? ofOperation : known).map(operationName);
  return refusal(
    argument,
    "UNKNOWN_OPERATION",
    "permission",
    operationName(wanted),
    nearestWord(operationName(wanted), names),
  );
}

function refusal(
  argument: string,
  reason: "UNKNOWN_OPERATION" | "UNKNOWN_TARGET",
  part: string,
  word: string,
  nearest: string | null,
): InputError {
  const advice = nearest === null ? "" : ` Did you mean "${nearest}"?`;
  const told = `No catalogue knows the ${part} ${JSON.stringify(word.slice(0, 80))}, and nothing that was read holds it.${advice} \`Site.operations\` lists those that are known.`;
  return new InputError(reason, argument, told);
}
