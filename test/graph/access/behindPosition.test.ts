import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningSandbox } from "../../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { readConfig } from "../../../src/config/readConfig.js";
import { buildGraphSchema } from "../../../src/graph/schema/buildGraphSchema.js";
import { encodeGlobalId } from "../../../src/graph/schema/GlobalId.js";
import { idsOf } from "../../provisioning/ids.js";
import { startWatchedSandbox } from "../../support/deadFaults.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";
import { type OpenGraph, openGraph } from "../../sweep/openGraph.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId, human(2).accountId] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(3).accountId),
        permission("user", human(3).accountId, "administer/space"),
        permission("group", "g-team"),
      ],
    }),
    // Nobody administers it, and a group without members reads it.
    space(2, { permissions: [permission("group", "g-team")] }),
  ],
});

type Fields = readonly (readonly [coordinate: string, field: GraphQLField<unknown, unknown>])[];
const fieldsOf = (type: GraphQLObjectType): Fields =>
  Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const);
const isFree = ({ args }: GraphQLField<unknown, unknown>) =>
  args.every(({ type, defaultValue }) => !isNonNullType(type) || defaultValue !== undefined);

/** What says how sure something is: by its words, by what is said of it, or because the whole list is of what is sure. */
const sureWords = new Set(["ALLOWED", "DENIED", "GAINED", "LOST"]);
const saysSo = (coordinate: string, { description }: GraphQLField<unknown, unknown>) =>
  /\bsurely\b|\bcertain\b/.test(description ?? "") || coordinate === "AccessFindingConnection.nodes";

/** Everything below a field, down to what has an id of its own. */
function selectionOf(type: GraphQLObjectType, within: readonly string[] = []): string {
  if (type.getInterfaces().length > 0 || type.name === "AccessFinding") return "{ __typename }";
  const told = fieldsOf(type).flatMap(([, field]) => {
    const below = getNamedType(field.type);
    if (!isFree(field) || within.includes(below.name)) return [];
    if (isLeafType(below)) return [field.name];
    return isObjectType(below) ? [`${field.name} ${selectionOf(below, [...within, type.name])}`] : [];
  });
  return `{ ${told.join(" ")} }`;
}

/** Everything that an answer is sure of, by where it stands in the schema. */
function sureIn(type: GraphQLObjectType, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => sureIn(type, each));
  if (typeof value !== "object" || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  return fieldsOf(type).flatMap(([coordinate, field]) => {
    const told = record[field.name];
    const below = getNamedType(field.type);
    if (isEnumType(below)) return sureWords.has(String(told)) ? [coordinate] : [];
    const isSaid = saysSo(coordinate, field) && coordinate.match(/\.permission$/) === null;
    if (isSaid && (Array.isArray(told) ? told.length > 0 : Number(told) > 0)) return [coordinate];
    return isObjectType(below) ? sureIn(below, told) : [];
  });
}

describe("what is answered out of the access index behind a position that cannot be checked", () => {
  const { schema } = buildGraphSchema();
  let sandbox: RunningSandbox;
  let graphs: { readonly known: OpenGraph; readonly behind: OpenGraph };
  let questions: Readonly<Record<string, string>>;

  beforeAll(async () => {
    sandbox = await startWatchedSandbox({ world: parseWorld(world) });
    const [site] = readConfig({
      CONFLUENCE_URL: sandbox.url,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_EMAIL: sandbox.credential.email,
      CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    }).sites;
    if (site === undefined) throw new Error("A site was configured.");
    graphs = { known: openGraph(site), behind: openGraph(site, { mayBeBehind: true }) };
    const ids = idsOf(site.siteId);
    const licensed = encodeGlobalId({
      ...{ type: "AccessClass", siteId: site.siteId, classId: "all-licensed-users", reportedType: "access-class" },
    });
    const everybodyOut = [1, 2].map(
      (number) => `{ revokeGroupMembership: { group: "${ids.group("g-team")}", account: "${ids.account(number)}" } }`,
    );
    const comesIn = `{ grantGroupMembership: { group: "${ids.group("g-team")}", account: "${ids.account(3)}" } }`;
    // One question a type that such fields answer with.
    questions = {
      AccessClassMemberConnection: `{ node(id: "${licensed}") { ... on AccessClass { it: members(wait: 30) SELECTED } } }`,
      EffectiveSpaceConnection: `{ account(id: "${ids.account(1)}") { it: effectiveAccess(wait: 30) SELECTED } }`,
      EffectiveAccountConnection: `{ space(id: "${ids.space(1)}") { it: effectiveAccess(wait: 30) SELECTED } }`,
      GrantConnection: `{ account(id: "${ids.account(1)}") { it: grants(includeInherited: true, wait: 30) SELECTED } }`,
      AccessDifferenceConnection: `{ it: compareAccess(accounts: ["${ids.account(1)}", "${ids.account(3)}"], wait: 30) SELECTED }`,
      AccessFindingConnection: `{ site { it: findings(wait: 30) SELECTED } }`,
      AccessPreview: `{ previewChanges(changes: [${[...everybodyOut, comesIn].join()}]) { it: preview(wait: 30) SELECTED } }`,
    };
  });
  afterAll(async () => {
    await Promise.all([graphs?.known.close(), graphs?.behind.close()]);
    await sandbox?.close();
  });

  /** All that waits for an index, and so is answered out of one. */
  const answers = (of: GraphQLSchema) =>
    Object.values(of.getTypeMap())
      .filter(isObjectType)
      .flatMap(fieldsOf)
      .filter(([, { args }]) => args.some(({ name }) => name === "wait"))
      .map(([, { type }]) => getNamedType(type));
  const kinds = [...new Set(answers(schema))].filter(isObjectType);

  it("is asked about here, whatever field it is", () => {
    expect(kinds.map(({ name }) => name).sort()).toEqual(Object.keys(questions).sort());
  });

  it.each(kinds)("is sure of nothing: $name", async (type) => {
    const document = parse(String(questions[type.name]).replace("SELECTED", selectionOf(type)));
    const ask = async (graph: OpenGraph) => {
      const { data, errors, gaps } = await graph.ask(document, {});
      const [parent] = Object.values(data as Readonly<Record<string, unknown>>);
      const told = "it" in (data as object) ? parent : (parent as { readonly it: unknown }).it;
      return { told: told as { nodes?: unknown; completeness: { isComplete: boolean } }, errors, gaps };
    };
    const known = await ask(graphs.known);
    expect(known.errors).toEqual([]);
    expect(known.told.completeness.isComplete).toBe(true);
    expect(sureIn(type, known.told)).not.toEqual([]);

    const behind = await ask(graphs.behind);
    expect(sureIn(type, behind.told)).toEqual([]);
    expect(behind.told.completeness.isComplete).toBe(false);
    expect(behind.gaps.map(({ missing }) => missing)).toEqual(["changes that the caller knows of"]);
    // What is of use though not sure is told as such; of what is only ever told where it is sure nothing is, and not an empty list.
    const isOnlyOfSure = type.name === "AccessFindingConnection";
    expect(behind.errors.length > 0).toBe(isOnlyOfSure);
    expect(behind.told.nodes === null).toBe(isOnlyOfSure);
  });
});
