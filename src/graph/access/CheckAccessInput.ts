import { Field, ID, InputType } from "type-graphql";
import type { SpaceIndex } from "../../access/SpaceFacts.js";
import type { AccountId, SiteId, SpaceId, SpaceKey } from "../../domain/ids.js";
import { knownOperations, nearestWord, type Operation, operationName } from "../../domain/Operation.js";
import { notVisible } from "../../domain/SiteError.js";
import { accountByUsername } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { spaceByKey } from "../../loaders/spaces.js";
import type { AccessPair } from "../../readings/accessFacts.js";
import { PermissionInput } from "../change/inputs.js";
import { InputError, readLookup } from "../errors/errorCodes.js";
import { defineEnum } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed } from "../schema/GraphContext.js";

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
  loaders: SiteLoaders,
  named: readonly Operation[],
  { operation, target }: PermissionInput,
): SpelledPermission {
  const inUse = named.find((each) => each.key === operation && each.target === target);
  if (inUse !== undefined) return { operation: inUse, refusal: null };
  const known = [...knownOperations[loaders.site.deployment], ...loaders.seenOperations(), ...named];
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

const Consistency = defineEnum("Consistency", "How old what an answer rests on may be.", {
  CACHED: "As old as the cache keeps it; `asOf` tells. What this graph changed itself is always seen.",
  FRESH: "Nothing that was read before the request counts, as with the header `Cache-Control: no-cache`.",
});

@InputType({
  description:
    "A question: may this account do this in this space? Name the account in one way, and the space in one way.",
})
export class CheckAccessInput {
  @Field(() => ID, { nullable: true, description: "The `id` of an Account." })
  readonly account?: string | null;

  @Field(() => ID, { nullable: true, description: "The account's own id on its site. Example: `712020:6b1c…`." })
  readonly accountId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The name that the account signs in with, in any case. Data Center only.",
  })
  readonly username?: string | null;

  @Field(() => ID, { nullable: true, description: "The `id` of a Space." })
  readonly space?: string | null;

  @Field(() => String, { nullable: true, description: "The space's key. Example: `ENG`." })
  readonly spaceKey?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The site, as in `Site.siteId`. Not needed where an `id` names it, or where only one site is configured.",
  })
  readonly siteId?: string | null;

  @Field(() => PermissionInput, {
    description:
      'What it would do, in any letter case. A permission that is not known and that nothing read for the question gives is refused with the nearest that is. Example: `{ operation: "read", target: "space" }`.',
  })
  readonly permission!: PermissionInput;

  @Field(() => Consistency, { defaultValue: Consistency.CACHED, description: "How old what is read may be." })
  readonly consistency!: keyof typeof Consistency;
}

/**
 * Whom and where a question is about. Throws `BAD_USER_INPUT` for what cannot be used, and that a name or a key is not
 * visible: nobody can be asked about then. An id is taken as it is, and what is known of it decides.
 */
export function readAccessPair(context: GraphContext, input: CheckAccessInput): AccessPair | Promise<AccessPair> {
  const { account, accountId, username, space, spaceKey } = input;
  const who = readLookup({ account, accountId, username });
  const where = readLookup({ space, spaceKey });
  const ofAccount = who.by === "account" ? readGlobalId(who.value, "account", ["Account"]) : null;
  const ofSpace = where.by === "space" ? readGlobalId(where.value, "space", ["Space"]) : null;
  const siteId = siteOf([
    { argument: "siteId", siteId: (input.siteId ?? undefined) as SiteId | undefined },
    { argument: "account", siteId: ofAccount?.siteId },
    { argument: "space", siteId: ofSpace?.siteId },
  ]);
  const named = siteNamed(context, siteId);
  const loaders = input.consistency === "FRESH" ? freshLoaders(named) : named;
  const asked =
    ofAccount?.accountId ?? (who.by === "username" ? byUsername(loaders, who.value) : (who.value as AccountId));
  const place = ofSpace?.spaceId ?? byKey(loaders, where.value);
  return asked instanceof Promise || place instanceof Promise
    ? findPair(loaders, asked, place)
    : { loaders, accountId: asked, spaceId: place };
}

/** Both are waited for: where both are wrong, the same one is told whichever was known first. */
async function findPair(
  loaders: SiteLoaders,
  account: AccountId | Promise<AccountId>,
  space: SpaceId | Promise<SpaceId>,
): Promise<AccessPair> {
  const [foundAccount, foundSpace] = await Promise.allSettled([account, space]);
  if (foundAccount.status === "rejected") throw foundAccount.reason;
  if (foundSpace.status === "rejected") throw foundSpace.reason;
  return { loaders, accountId: foundAccount.value, spaceId: foundSpace.value };
}

/** All of an input must be of one site. */
function siteOf(
  named: readonly { readonly argument: string; readonly siteId: SiteId | undefined }[],
): string | undefined {
  const given = named.filter(({ siteId }) => siteId !== undefined);
  const [first] = given;
  const other = given.find(({ siteId }) => siteId !== first?.siteId);
  if (first === undefined || other === undefined) return first?.siteId;
  throw new InputError(
    "INVALID_ID",
    other.argument,
    `\`${first.argument}\` is of site "${first.siteId}", but \`${other.argument}\` is of site "${other.siteId}": an account has access on its own site only.`,
  );
}

/** Shared by the fresh questions of a request, until something is changed in it. */
function freshLoaders(loaders: SiteLoaders): SiteLoaders {
  return loaders.once("fresh", () => loaders.apart(loaders.store.clock.now()));
}

async function byUsername(loaders: SiteLoaders, username: string): Promise<AccountId> {
  const found = await loaders.of(accountByUsername).get(loaders.store.site.names.username(username));
  if (found !== null) return found.accountId;
  throw notVisible(`an account that signs in as ${JSON.stringify(username.slice(0, 255))}`);
}

async function byKey(loaders: SiteLoaders, key: string): Promise<SpaceId> {
  const found = await loaders.of(spaceByKey).get(key as SpaceKey);
  if (found !== null) return found.spaceId;
  throw notVisible(`space with the key ${JSON.stringify(key.slice(0, 255))}`);
}
