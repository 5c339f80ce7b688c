import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from "graphql";
import type { SiteId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { AccountNode } from "../account/AccountNode.js";
import { GroupNode } from "../group/GroupNode.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { readAsProperty } from "../schema/plain/readAsProperty.js";
import { SpaceNode } from "../space/SpaceNode.js";
import { CompletenessNode, GapNode } from "./CompletenessNode.js";
import { type AnsweredField, OperationGaps } from "./OperationGaps.js";
import { staleErrors, tellStale } from "./staleReadings.js";

/**
 * Notes every incomplete reading that an operation is answered with, where it stands in the answer. Done to the schema as a
 * whole, by the types of its fields, so that no list can be forgotten.
 */
export function watchReadings(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (saysHowComplete(field)) watch(field, noteLists);
      else if (fieldsWithoutNull[type.name]?.includes(field.name)) watchUnread(field);
    }
  }
}

/** Fields that say `UNKNOWN` when they could not be read: they cannot be null, so that no list of accounts loses a row. */
const fieldsWithoutNull: Readonly<Record<string, readonly string[]>> = {
  Account: ["kind", "status", "statusSource"],
  Group: ["managedBy", "usage"],
  Space: ["kind", "status"],
};

type Note = (value: unknown, source: unknown, context: GraphContext, info: GraphQLResolveInfo) => void;

function watch(field: GraphQLField<unknown, unknown>, note: Note): void {
  const { resolve = defaultFieldResolver } = field;
  const watched: GraphQLFieldResolver<unknown, GraphContext> = (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    if (!(value instanceof Promise)) {
      note(value, source, context, info);
      return value;
    }
    return value.then((known: unknown) => {
      note(known, source, context, info);
      return known;
    });
  };
  field.resolve = watched as GraphQLFieldResolver<unknown, unknown>;
}

function watchUnread(field: GraphQLField<unknown, unknown>): void {
  const isPlain = field.resolve === undefined || field.resolve === defaultFieldResolver;
  watch(field, noteUnread);
  if (isPlain) readAsProperty(field, (_value, source) => unreadOf(source, field.name) !== null);
}

function saysHowComplete({ type }: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(type);
  const completeness = isObjectType(named) ? named.getFields().completeness : undefined;
  return completeness !== undefined && getNamedType(completeness.type).name === "Completeness";
}

const noteLists: Note = (value, source, { gaps, sites }, info) => {
  const siteOf = (item: unknown) => (sites.size === 1 ? null : (siteIn(item) ?? siteIn(source) ?? siteNamed(info)));
  const field = () => answeredField(info);
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      noteList(item, gaps, siteOf, () => ({ ...field(), path: [...field().path, index] }));
    });
  } else {
    noteList(value, gaps, siteOf, field);
  }
};

function noteList(
  value: unknown,
  gaps: GraphContext["gaps"],
  siteOf: (value: unknown) => SiteId | null,
  field: () => AnsweredField,
): void {
  if (typeof value !== "object" || value === null || !("completeness" in value)) return;
  const { completeness } = value;
  if (!(completeness instanceof CompletenessNode)) return;
  if (completeness.missing.length > 0 || completeness.hasStaleParts) gaps.addList(field(), completeness, siteOf(value));
}

/** The site of something that is of one: whatever reads more of itself has its loaders. */
function siteIn(value: unknown): SiteId | null {
  if (typeof value !== "object" || value === null || !("loaders" in value)) return null;
  return value.loaders instanceof SiteLoaders ? value.loaders.store.site.siteId : null;
}

/** The site that a list of the root was narrowed to. */
function siteNamed({ fieldNodes: [field], variableValues, parentType }: GraphQLResolveInfo): SiteId | null {
  const definition = field === undefined ? undefined : parentType.getFields()[field.name.value];
  if (field === undefined || definition === undefined) return null;
  const { siteId } = getArgumentValues(definition, field, variableValues);
  return typeof siteId === "string" ? (siteId as SiteId) : null;
}

const noteUnread: Note = (_value, source, { gaps }, info) => {
  const error = unreadOf(source, info.fieldName);
  if (error !== null) gaps.addUnread(answeredField(info), error);
};

/** Why a field of an object says that it does not know, where that is because a read failed. */
function unreadOf(source: unknown, name: string): SiteError | null {
  if (!(source instanceof AccountNode || source instanceof GroupNode || source instanceof SpaceNode)) return null;
  const error = source.unread(name);
  return error instanceof SiteError ? error : null;
}

function answeredField({ path, fieldNodes }: GraphQLResolveInfo): AnsweredField {
  const steps: (string | number)[] = [];
  for (let step: GraphQLResolveInfo["path"] | undefined = path; step !== undefined; step = step.prev) {
    steps.push(step.key);
  }
  return { path: steps.reverse(), field: fieldNodes[0] };
}

interface Reporting {
  /** Whether an incomplete list that was not asked how complete it is also stands in `errors`. */
  readonly areListsTold: boolean;
}

/** What stands around each operation. */
interface Reporter {
  begin(context: GraphContext): void;
  end(context: GraphContext, answer: Answer): void;
}

/** An answer as it will be shown. */
interface Answer {
  readonly data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/**
 * Sees to it that no operation is silently answered short, or with what is stale: what is missing stands in `extensions.completeness`, and, because
 * gateways drop extensions, in `errors` as well where the query did not ask for it. The data is kept.
 */
export function reportCompleteness({ areListsTold }: Reporting): Reporter {
  return {
    begin(context) {
      // Each operation of a batch has its own copy of the context, and tells its own gaps, and what of its own is stale, only.
      const own = { gaps: new OperationGaps(), ...context.ownReadings() };
      Object.assign(context, own satisfies Partial<GraphContext>);
    },
    end({ gaps, basis, clock }, answer) {
      if (gaps.areNone && basis.overdue.areNone) return;
      const missing = gaps.all();
      if (missing.length > 0) {
        answer.extensions = {
          ...answer.extensions,
          completeness: { isComplete: false, gaps: missing.map((gap) => ({ ...new GapNode(gap) })) },
        };
      }
      const errors = gaps.errors(answer.data, areListsTold);
      const overdue = basis.overdue.all();
      const stale = tellStale(overdue, clock.now());
      if (stale.length > 0) answer.extensions = { ...answer.extensions, stale };
      if (areListsTold) errors.push(...staleErrors(overdue, gaps, clock.now()));
      if (errors.length > 0) answer.errors = [...(answer.errors ?? []), ...errors];
    },
  };
}
