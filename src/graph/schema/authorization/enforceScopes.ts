import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
} from "graphql";
import type { SiteId } from "../../../domain/ids.js";
import type { Scope } from "../../../domain/Scope.js";
import type { GraphContext } from "../GraphContext.js";
import { forbidden } from "./forbidden.js";
import { judge, needsOf, scopesFor } from "./needs.js";
import type { OperationAccess } from "./OperationAccess.js";

/**
 * Puts the table of scopes before the resolvers that need it: those of fields that can be reached without holding their scope, and of
 * those with an argument that tells more than the field. All other fields stay as they are: whoever gets to them may see them. Callers who
 * may do everything pass by one comparison.
 */
export function enforceScopes(schema: GraphQLSchema): void {
  const held = scopesOnTheWay(schema);
  for (const type of objectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const needs = needsOf(type.name, field.name);
      const ways = needs === undefined ? null : scopesFor[needs.need];
      const isCertain = ways !== null && (ways.length === 0 || ways.some((scope) => held.get(type)?.has(scope)));
      const hasTellingArgument = field.args.some(
        (arg) => needs?.args.get(arg.name) !== false || isTelling(getNamedType(arg.type)),
      );
      if (!isCertain || hasTellingArgument) guard(type, field);
    }
  }
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"),
  );
}

/** The scopes that whoever gets to a type holds for certain: those that every way to it asks for. */
function scopesOnTheWay(schema: GraphQLSchema): ReadonlyMap<GraphQLObjectType, ReadonlySet<Scope>> {
  const types = objectTypes(schema);
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  const held = new Map<GraphQLObjectType, ReadonlySet<Scope> | null>(
    types.map((type) => [type, roots.has(type) ? new Set() : null]),
  );
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const parent of types) {
      const sofar = held.get(parent);
      if (sofar == null) continue;
      for (const field of Object.values(parent.getFields())) {
        const ways = scopesFor[needsOf(parent.name, field.name)?.need ?? "free"];
        const along = new Set([...sofar, ...(ways.length === 1 ? ways : [])]);
        const target = getNamedType(field.type);
        for (const type of isAbstractType(target)
          ? schema.getPossibleTypes(target)
          : isObjectType(target)
            ? [target]
            : []) {
          const known = held.get(type);
          if (known === undefined) continue;
          const both = known === null ? along : new Set([...known].filter((scope) => along.has(scope)));
          if (known !== null && both.size === known.size) continue;
          held.set(type, both);
          hasChanged = true;
        }
      }
    }
  }
  return new Map([...held].map(([type, scopes]) => [type, scopes ?? new Set()]));
}

/** Whether an input type has a field that needs more than what it is given to. */
function isTelling(type: GraphQLNamedType, seen = new Set<GraphQLNamedType>()): boolean {
  if (!isInputObjectType(type) || seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some((field) => {
    const need = needsOf(type.name, field.name)?.need;
    return need === undefined || need === "personal" || isTelling(getNamedType(field.type), seen);
  });
}

function guard(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
  const { resolve = defaultFieldResolver } = field;
  const argTypes = new Map(field.args.map((arg) => [arg.name, arg.type]));
  const asked = { type: parent.name, name: field.name, argTypes };
  const isRoot = ["Query", "Mutation"].includes(parent.name);
  const guarded: GraphQLFieldResolver<unknown, GraphContext> = (source, args, context, info) => {
    const { access } = context;
    if (access === null) return resolve(source, args, context, info);
    if (!access.isDecided) throw forbidden(null);
    const verdict = judge(access.caller, asked, args);
    if (verdict.kind === "refused") return access.refuse(verdict.scope, info);
    // At the root nothing is known of any site yet: whoever looks one up asks, and so does whoever changes one.
    if (verdict.kind === "allowed" || isRoot) return resolve(source, args, context, info);
    return ofItsSites(access, verdict.scopes, { source, info, resolve: () => resolve(source, args, context, info) });
  };
  field.resolve = guarded as GraphQLFieldResolver<unknown, unknown>;
}

/** Where a scope is held on some sites, what the field is about tells whether it may be shown: the object, or else the value. */
function ofItsSites(
  access: OperationAccess,
  scopes: readonly Scope[],
  {
    source,
    info,
    resolve,
  }: { readonly source: unknown; readonly info: GraphQLResolveInfo; readonly resolve: () => unknown },
): unknown {
  const judged = (sites: readonly SiteId[], value: () => unknown) => {
    const scope = scopes.find((each) => !sites.every((siteId) => access.caller.may(each, siteId)));
    return scope === undefined ? value() : access.refuse(scope, info, sites[0] ?? null);
  };
  const known = sitesOf(source);
  if (known.length > 0) return judged(known, resolve);
  const checked = (value: unknown) => {
    const isNothing = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (isNothing) return value;
    const sites = (Array.isArray(value) ? value : [value]).flatMap(sitesOf);
    const [scope = null] = scopes;
    // Of what does not say where it is from nobody knows whether it may be shown.
    return sites.length === 0 ? access.refuse(scope, info) : judged([...new Set(sites)], () => value);
  };
  const value = resolve();
  return value instanceof Promise ? value.then(checked) : checked(value);
}

/** The sites that an object of the graph is of, as far as it says. */
function sitesOf(value: unknown): SiteId[] {
  if (typeof value !== "object" || value === null) return [];
  if ("siteId" in value && typeof value.siteId === "string") return [value.siteId as SiteId];
  if ("loaders" in value) return siteOfLoaders(value.loaders);
  if ("source" in value) return sitesOf(value.source);
  return "changes" in value && Array.isArray(value.changes) ? [...new Set(value.changes.flatMap(sitesOf))] : [];
}

function siteOfLoaders(loaders: unknown): SiteId[] {
  if (typeof loaders !== "object" || loaders === null || !("site" in loaders)) return [];
  return sitesOf(loaders.site);
}
