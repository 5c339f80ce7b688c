import { Field, ID, InputType } from "type-graphql";
import type { AccountId, SiteId, SpaceId, SpaceKey } from "../../domain/ids.js";
import { notVisible } from "../../domain/SiteError.js";
import { accountByUsername } from "../../loaders/accounts.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { spaceByKey } from "../../loaders/spaces.js";
import { PermissionInput } from "../change/inputs.js";
import { InputError, readLookup } from "../errors/errorCodes.js";
import { defineEnum } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed } from "../schema/GraphContext.js";

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

/** An account and a space of one site. */
export interface AccessPair {
  readonly loaders: SiteLoaders;
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
}

/**
 * Whom and where a question is about. Throws `BAD_USER_INPUT` for what cannot be used, and that a name or a key is not
 * visible: nobody can be asked about then. An id is taken as it is, and what is known of it decides.
 */
export async function readAccessPair(context: GraphContext, input: CheckAccessInput): Promise<AccessPair> {
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
  const [foundAccount, foundSpace] = await Promise.all([
    ofAccount?.accountId ?? (who.by === "username" ? byUsername(loaders, who.value) : (who.value as AccountId)),
    ofSpace?.spaceId ?? byKey(loaders, where.value),
  ]);
  return { loaders, accountId: foundAccount, spaceId: foundSpace };
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
  return loaders.once("fresh", () => new SiteLoaders(loaders.store, loaders.store.clock.now()));
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
