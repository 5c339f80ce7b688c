import {
  execute,
  type GraphQLAbstractType,
  type GraphQLFieldResolver,
  isAbstractType,
  isObjectType,
  parse,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningSandbox } from "../../../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../../../sandbox/src/world/loadWorld.js";
import { keptIndexes, type ServedSite } from "../../../../src/compose/composeSite.js";
import { systemClock } from "../../../../src/compose/systemClock.js";
import { readConfig } from "../../../../src/config/readConfig.js";
import { AccountNode } from "../../../../src/graph/account/AccountNode.js";
import { GroupNode } from "../../../../src/graph/group/GroupNode.js";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";
import type { GraphContext } from "../../../../src/graph/schema/GraphContext.js";
import { SpaceNode } from "../../../../src/graph/space/SpaceNode.js";
import type { SiteStore } from "../../../../src/loaders/engine/SiteStore.js";
import { contextOver } from "../../../support/contextOver.js";
import { startWatchedSandbox } from "../../../support/deadFaults.js";
import { resolversOf, restoreResolvers } from "../../../support/deriveSchemaOnce.js";
import { serveTestSite } from "../../../support/serveTestSite.js";
import { cloudWorld, human, permission, space } from "../../../support/worlds.js";

const someone = human(1).accountId;
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1)],
  groups: [{ id: "group-1", name: "Engineers", members: [someone] }],
  roles: [{ id: "role-1", type: "CUSTOM", name: "Reader", description: "Reads.", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [permission("user", someone), permission("group", "group-1"), permission("access-class", "anyone")],
      roleAssignments: [{ principal: { principalType: "USER", principalId: someone }, roleId: "role-1" }],
    }),
    space(2, { key: "~someone", type: "personal", authorId: someone, spaceOwnerId: someone }),
  ],
});

const document = parse(`{
  spaces { nodes { site { siteId } createdBy { displayName } owner { displayName personalSpace { name } } } }
  grants(first: 100) { nodes {
    site { siteId }
    principal { __typename ... on Account { displayName personalSpace { name } } ... on Group { name } ... on AccessClass { name } }
    resource { __typename ... on Space { name } ... on Group { name } }
    entitlement { __typename ... on GroupMembership { group { name } } ... on SpaceRoleAssignment { role { name } } }
    permissions { operation } isRevocable irrevocableReason
  } }
}`);

describe("a resolver below a list, once what it needs is cached", () => {
  let sandbox: RunningSandbox;
  let served: ServedSite;
  let store: SiteStore;
  beforeAll(async () => {
    sandbox = await startWatchedSandbox({ world: parseWorld(world) });
    served = serveTestSite({
      url: sandbox.url,
      ...sandbox.credential,
      clock: systemClock,
      lifetimes: readConfig({}).cache.ttlMs,
    });
    store = served.store;
  });
  afterAll(async () => {
    await store.site.close();
    await sandbox.close();
  });

  function newContext(): GraphContext {
    return contextOver(store, {
      indexes: keptIndexes([served]),
      provisioners: new Map([[store.site.siteId, served.provisioner]]),
    });
  }

  /** Runs the query and says of each resolver whether it ever answered with a promise. */
  async function runWatched() {
    const { schema } = buildGraphSchema();
    const resolvers = resolversOf(schema);
    const promised = new Map<string, boolean>();
    const answered = new Map<string, unknown[]>();
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith("__")) continue;
      for (const field of Object.values(type.getFields())) {
        const resolve = field.resolve as GraphQLFieldResolver<unknown, GraphContext> | undefined;
        if (resolve === undefined) continue;
        const watched: GraphQLFieldResolver<unknown, GraphContext> = (...given) => {
          const name = `${type.name}.${field.name}`;
          const value = resolve(...given);
          promised.set(name, (promised.get(name) ?? false) || value instanceof Promise);
          const values = answered.get(name) ?? [];
          values.push(value);
          answered.set(name, values);
          return value;
        };
        field.resolve = watched as GraphQLFieldResolver<unknown, unknown>;
      }
    }
    // All that this process serves after this file has the same schema.
    const running = (async () => execute({ schema, document, contextValue: newContext() }))();
    const { data, errors } = await running.finally(() => restoreResolvers(resolvers));
    expect(errors).toBeUndefined();
    return { data: JSON.parse(JSON.stringify(data)), promised, answered };
  }

  it("answers without a promise: promises are what a cached answer costs most", async () => {
    const cold = await runWatched();
    expect(cold.promised.get("Space.owner")).toBe(true);
    const warm = await runWatched();
    expect(warm.data).toEqual(cold.data);
    const asked = [...warm.promised.keys()].filter((name) => !name.startsWith("Query."));
    expect(asked).toEqual(
      expect.arrayContaining([
        "Grant.principal",
        "Grant.resource",
        "Grant.entitlement",
        "Grant.permissions",
        "Grant.isRevocable",
        "Grant.irrevocableReason",
        "Account.personalSpace",
        "Space.createdBy",
        "Space.owner",
      ]),
    );
    expect(asked.filter((name) => warm.promised.get(name))).toEqual([]);
  });

  it("answers with one node for the same thing in row after row, and in another operation with another", async () => {
    await runWatched();
    const nodesOf = async () => {
      const { answered } = await runWatched();
      return ["Grant.principal", "Grant.resource", "Space.createdBy", "Space.owner"]
        .flatMap((name) => answered.get(name) ?? [])
        .filter((node) => node instanceof AccountNode || node instanceof GroupNode || node instanceof SpaceNode);
    };
    const nodes = await nodesOf();
    const things = new Set(nodes.map(({ id }) => id));
    expect(nodes.length).toBeGreaterThan(things.size * 2);
    expect(new Set(nodes).size).toBe(things.size);
    expect(new Set([...nodes, ...(await nodesOf())]).size).toBe(2 * things.size);
  });

  it("has its unions told apart without a promise", () => {
    const unions = Object.values(buildGraphSchema().schema.getTypeMap()).filter(isAbstractType);
    expect(unions.map(({ name }) => name)).toEqual(expect.arrayContaining(["Principal", "Resource", "Entitlement"]));
    expect(unions.map(resolveTypeOf)).toEqual(unions.map(() => "Group"));
  });
});

/** What a union says of a group; a resolver that needed more than the object itself would fail here. */
function resolveTypeOf(union: GraphQLAbstractType): unknown {
  const resolve: unknown = union.resolveType;
  return typeof resolve === "function" ? resolve({ __typename: "Group" }) : undefined;
}
