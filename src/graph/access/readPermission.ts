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
export function readPermission(
  { store }: SiteLoaders,
  space: SpaceIndex,
  { operation, target }: PermissionInput,
): Operation {
  const known = [...knownOperations[store.site.deployment], ...store.seenOperations.all(), ...space.operations];
  const wanted = { key: operation, target };
  const name = operationName(wanted).toLowerCase();
  const found = known.find((each) => operationName(each).toLowerCase() === name);
  if (found !== undefined) return { key: found.key, target: found.target };
  const { byAccount, shared } = space.grantsGivingAnything;
  if (space.grantGaps.length + byAccount.size + shared.length > 0) return wanted;
  throw unknownPermission(wanted, known);
}

function unknownPermission(wanted: Operation, known: readonly Operation[]): InputError {
  const isKnown = (word: string, words: readonly string[]) =>
    words.some((each) => each.toLowerCase() === word.toLowerCase());
  const keys = [...new Set(known.map(({ key }) => key))];
  const targets = [...new Set(known.map(({ target }) => target))];
  if (!isKnown(wanted.key, keys)) {
    return refusal("UNKNOWN_OPERATION", "operation", wanted.key, nearestWord(wanted.key, keys));
  }
  if (!isKnown(wanted.target, targets)) {
    return refusal("UNKNOWN_TARGET", "target", wanted.target, nearestWord(wanted.target, targets));
  }
  const ofOperation = known.filter(({ key }) => isKnown(key, [wanted.key]));
  const [only] = ofOperation;
  const names = (ofOperation.length === 1 && only !== undefined ? ofOperation : known).map(operationName);
  return refusal("UNKNOWN_OPERATION", "permission", operationName(wanted), nearestWord(operationName(wanted), names));
}

function refusal(
  reason: "UNKNOWN_OPERATION" | "UNKNOWN_TARGET",
  part: string,
  word: string,
  nearest: string | null,
): InputError {
  const advice = nearest === null ? "" : ` Did you mean "${nearest}"?`;
  const told = `No catalogue knows the ${part} ${JSON.stringify(word.slice(0, 80))}, and nothing that was read holds it.${advice} \`Site.operations\` lists those that are known.`;
  return new InputError(reason, "permission", told);
}
