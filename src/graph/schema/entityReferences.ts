import { GraphQLError, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema } from "graphql";
import type { AccountId, GroupId, SiteId, SpaceId, SpaceKey } from "../../domain/ids.js";
import { outcomeOf } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { space, spaceByKey } from "../../loaders/spaces.js";
import { readGrant } from "../../readings/grants.js";
import { accountNodeWithFacts, IdentityNode, selectsFactsOfAccount } from "../account/AccountNode.js";
import { checkEmail } from "../account/accountLists.js";
import { SharedItems } from "../cost/Slices.js";
import { InputError } from "../errors/errorCodes.js";
import { GrantNode } from "../grant/GrantNode.js";
import { groupNodeWithFacts } from "../group/GroupNode.js";
import { SiteNode } from "../site/SiteNode.js";
import { SpaceNode } from "../space/SpaceNode.js";
import { forbidden, withOneRefusal } from "./authorization/forbidden.js";
import { type GlobalId, type GlobalIdType, type GrantAddress, readGlobalId } from "./GlobalId.js";
import { type GraphContext, siteReadable } from "./GraphContext.js";
import { namingOf } from "./naming/Naming.js";

/** A reference of another subgraph, as the gateway sends it. Nothing about it can be taken for granted. */
type Reference = Readonly<Record<string, unknown>>;

/** A key field of a reference that must be text where it is there. */
function keyField(reference: Reference, name: string): string | undefined {
  const value = reference[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new InputError("INVALID_ID", "representations", `The key field ${name} of a reference must be text.`);
}

/** What to throw for a reference that holds none of an entity's keys. */
function keysMissing({ __typename }: Reference, keys: string): InputError {
  return new InputError(
    "INVALID_ID",
    "representations",
    `A reference to ${String(__typename)} needs one of the keys ${keys}.`,
  );
}

type Answer = object | null | Promise<object | null>;
type ReadReference = (reference: Reference) => Answer;
/** Made once for all references of its type in a list, so that what is the same for each is looked up but once. */
type ReferenceReader = (context: GraphContext, info: GraphQLResolveInfo) => ReadReference;

/**
 * How a gateway's references become entities, by type. What names a site that is not configured here is null.
 *
 * An account or a group of a configured site is never null: another subgraph knows of it, and a null would take that
 * subgraph's answer along. Whom nobody knows, a leaver, is a stub that says so; whoever could not be looked up is one whose
 * fields fail.
 */
const referenceReaders: Readonly<Record<string, ReferenceReader>> = {
  Site: (context) => (reference) => {
    const siteId = siteOf(reference, "Site") ?? keyField(reference, "siteId");
    if (siteId === undefined) throw keysMissing(reference, "id, siteId");
    const loaders = siteReadable(context, siteId as SiteId);
    return loaders === null ? null : new SiteNode(loaders);
  },

  // A person is never "unknown" here: having no account anywhere is an answer, and it stands in `accounts`.
  Identity: ({ caller }) => {
    // One for all references of the list: it is told once.
    let refusal: GraphQLError | null = null;
    return (reference) => {
      const email = keyField(reference, "email") ?? null;
      const atlassianAccountId = keyField(reference, "atlassianAccountId") ?? null;
      if (email === null && atlassianAccountId === null) throw keysMissing(reference, "email, atlassianAccountId");
      if (email !== null && !caller.mayAnywhere("read:personal")) {
        refusal ??= forbidden("read:personal");
        throw refusal;
      }
      // Answered as it was asked: a gateway joins by the key that it sent.
      if (email !== null) checkEmail(email, "email");
      return new IdentityNode({ email, atlassianAccountId });
    };
  },

  Account: (context, info) => {
    const find = sitesOf(context);
    const wantsFacts = selectsFactsOfAccount(info);
    return (reference) => {
      const id = globalId(reference, "Account");
      const accountId = id?.accountId ?? (keyField(reference, "accountId") as AccountId | undefined);
      const loaders = find(reference, id);
      if (accountId === undefined || loaders === undefined) throw keysMissing(reference, "id, siteId accountId");
      return loaders === null ? null : accountNodeWithFacts(loaders, accountId, wantsFacts);
    };
  },

  Group: (context) => {
    const find = sitesOf(context);
    return (reference) => {
      const id = globalId(reference, "Group");
      const groupId = id?.groupId ?? (keyField(reference, "groupId") as GroupId | undefined);
      const loaders = find(reference, id);
      if (groupId === undefined || loaders === undefined) throw keysMissing(reference, "id, siteId groupId");
      return loaders === null ? null : groupNodeWithFacts(loaders, loaders.store.site.names.groupId(groupId));
    };
  },

  Space: (context) => {
    const find = sitesOf(context);
    return (reference) => {
      const id = globalId(reference, "Space");
      const spaceId = id?.spaceId ?? (keyField(reference, "spaceId") as SpaceId | undefined);
      const key = keyField(reference, "key") as SpaceKey | undefined;
      const loaders = find(reference, id);
      if (loaders === undefined || (spaceId ?? key) === undefined)
        throw keysMissing(reference, "id, siteId spaceId, siteId key");
      return loaders === null ? null : readSpace(loaders, spaceId, key);
    };
  },

  Grant: (context) => (reference) => {
    const id = globalId(reference, "Grant");
    if (id === undefined) throw keysMissing(reference, "id");
    const loaders = siteReadable(context, id.siteId);
    return loaders === null ? null : readGrantNode(loaders, id);
  },
};

async function readSpace(
  loaders: SiteLoaders,
  spaceId: SpaceId | undefined,
  key: SpaceKey | undefined,
): Promise<SpaceNode | null> {
  const facts =
    spaceId !== undefined
      ? await loaders.of(space).get(spaceId)
      : key !== undefined && (await loaders.of(spaceByKey).get(key));
  return facts ? new SpaceNode(loaders, spaceId ?? facts.spaceId, facts) : null;
}

async function readGrantNode(loaders: SiteLoaders, id: GrantAddress): Promise<GrantNode | null> {
  const grant = await readGrant(loaders, id);
  return grant === null ? null : new GrantNode(loaders, grant);
}

function globalId<T extends GlobalIdType>(reference: Reference, type: T): Extract<GlobalId, { type: T }> | undefined {
  const text = keyField(reference, "id");
  return text === undefined ? undefined : readGlobalId(text, "representations", [type]);
}

function siteOf(reference: Reference, type: "Site"): SiteId | undefined {
  return globalId(reference, type)?.siteId;
}

/**
 * Finds the loaders of the site that a reference names: `null` when it is not configured, `undefined` when none is named. Most name the
 * same as the one before.
 */
function sitesOf(
  context: GraphContext,
): (reference: Reference, id: { readonly siteId: SiteId } | undefined) => SiteLoaders | null | undefined {
  let last: SiteId | null = null;
  let found: SiteLoaders | null = null;
  return (reference, id) => {
    const siteId = id?.siteId ?? (keyField(reference, "siteId") as SiteId | undefined);
    if (siteId === undefined) return undefined;
    if (siteId !== last) {
      found = siteReadable(context, siteId);
      last = siteId;
    }
    return found;
  };
}

/** By the name that is shown, and by that alone: what every object inherits is no entity. */
const readersOf = new WeakMap<GraphQLSchema, ReadonlyMap<string, ReferenceReader>>();

function readersIn(schema: GraphQLSchema): ReadonlyMap<string, ReferenceReader> {
  const known = readersOf.get(schema);
  if (known !== undefined) return known;
  const naming = namingOf(schema);
  const made = new Map(Object.entries(referenceReaders).map(([own, reader]) => [naming.typeName(own), reader]));
  readersOf.set(schema, made);
  return made;
}

/**
 * Answers `_entities` in our own way. The library throws at the first reference of an unknown type and leaves the others, which
 * it had begun, without anybody to hear them fail: one rejection ended the process (2.14.4, 2026-11-28). Here every reference is
 * checked before it is read, and all are settled together: a bad one is null with its error, the others are answered.
 *
 * The list comes from the caller, so it has a bound, and counts as any other list: one variable of 1,000 references can be used
 * by many aliases.
 */
export function answerReferences(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  if (field === undefined) throw new Error("The schema has no `_entities`: it is no subgraph.");
  const resolve: GraphQLFieldResolver<unknown, GraphContext, { representations: readonly unknown[] }> = (
    _root,
    { representations },
    context,
    info,
  ) => {
    const count = representations.length;
    const { maxReferences: maxRepresentations } = context.costBudget.limits;
    if (count > maxRepresentations) {
      throw new GraphQLError(
        `\`_entities\` takes at most ${maxRepresentations} representations; ${count} were sent. Send them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxRepresentations } },
      );
    }
    const references = new SharedItems(context.slices, representations, stepsOfReference);
    const answers = references.inSlices(reading(context, info));
    return answers instanceof Promise ? answers.then(withOneRefusal) : withOneRefusal(answers);
  };
  field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
}

/** Units of work of a reference before anything is waited for: 250 that are at hand take a tenth of a millisecond. */
const stepsOfReference = 2;

/** Answers a reference, or why it cannot be; at once where the answer is at hand, for a promise costs more than the account. */
function reading(context: GraphContext, info: GraphQLResolveInfo): (reference: unknown) => Answer {
  const readers = readersIn(info.schema);
  let lastType: unknown = null;
  let lastRead: ReadReference | null = null;
  const read = (reference: unknown): Answer => {
    if (!isReference(reference)) throw invalid("A reference must be an object with `__typename` and a key.");
    const { __typename: typeName } = reference;
    if (lastRead === null || typeName !== lastType) {
      const reader = typeof typeName === "string" ? readers.get(typeName) : undefined;
      if (reader === undefined) {
        const names = [...readers.keys()].join(", ");
        throw invalid(`The \`__typename\` of a reference must be an entity of this graph: ${names}.`);
      }
      lastRead = reader(context, info);
      lastType = typeName;
    }
    return lastRead(reference);
  };
  const { costBudget } = context;
  return (reference) => {
    const { noRoom } = costBudget;
    if (noRoom !== null) return noRoom;
    try {
      const answered = read(reference);
      return answered instanceof Promise ? outcomeOf(answered) : answered;
    } catch (error) {
      costBudget.countRefused();
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): InputError {
  return new InputError("INVALID_REFERENCE", "representations", message);
}
