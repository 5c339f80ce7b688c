import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Field, FieldResolver, Info, ObjectType, Resolver, Root } from "type-graphql";
import { type Complete, mergeTrust } from "../../domain/Complete.js";
import { type Grant, principalOf, type StoredSpaceGrant } from "../../domain/Grant.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import { compareText } from "../../domain/textOrder.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { readRoleDefinition } from "../../readings/grants.js";
import type { ListReading } from "../../readings/lists/Sequence.js";
import { GrantNode, PrincipalUnion, principalNode } from "../grant/GrantNode.js";
import { GrantFilter } from "../grant/grantFilter.js";
import { type GrantList, readGrantList } from "../grant/grantLists.js";
import { loadPage, type PageAnswer, PageArgs } from "../paging/loadPage.js";
import { defineConnection } from "../paging/Page.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { PermissionNode, SpaceNode, SpaceRoleNode } from "./SpaceNode.js";

/** Everything that a space grants one principal. */
interface Holder {
  readonly principal: Principal;
  readonly grants: readonly StoredSpaceGrant[];
}

@ObjectType("SpaceHolder", {
  simpleResolvers: true,
  description:
    "Somebody to whom a space grants something directly: an account, a group or an access class, with everything that it grants them, however many grants that is stored as.",
})
class SpaceHolderNode {
  /** Kept out of the schema. */
  readonly loaders: SiteLoaders;
  readonly holder: Holder;

  constructor(loaders: SiteLoaders, holder: Holder) {
    this.loaders = loaders;
    this.holder = holder;
  }

  @Field(() => PrincipalUnion, {
    description: "Who. Left-over principals that no longer exist are shown by their id.",
  })
  principal(@Info() info: GraphQLResolveInfo): object {
    return principalNode(this.loaders, this.holder.principal, info);
  }

  @Field(() => [PermissionNode], {
    nullable: true,
    description:
      "All that its grants give, roles expanded, each once, ordered by name. Whether it takes effect is for `effectiveAccess` to say. Null, with an error, when the definition of a role could not be read.",
  })
  permissions(): PermissionNode[] | Error | Promise<PermissionNode[] | Error> {
    const given = this.holder.grants.map((grant) => operationsOf(this.loaders, grant));
    const together = (lists: readonly (readonly Operation[] | SiteError)[]) => {
      const unread = lists.find((list) => list instanceof SiteError);
      if (unread instanceof SiteError) return unread;
      const operations = lists.flatMap((list) => (list instanceof SiteError ? [] : list));
      const byName = new Map(operations.map((operation) => [operationName(operation), operation]));
      return [...byName]
        .sort(([left], [right]) => compareText(left, right))
        .map(([, each]) => new PermissionNode(each));
    };
    return isKnown(given) ? together(given) : Promise.all(given).then(together);
  }

  @Field(() => [SpaceRoleNode], { description: "The roles that it is assigned in the space. None on Data Center." })
  roles(): (SpaceRoleNode | Promise<SpaceRoleNode>)[] {
    const { loaders } = this;
    return this.holder.grants.flatMap((grant) =>
      grant.kind === "role"
        ? [
            whenRead(
              readRoleDefinition(loaders, grant.roleId),
              (role) => new SpaceRoleNode(loaders, grant.roleId, role),
            ),
          ]
        : [],
    );
  }

  @Field(() => [GrantNode], { description: "The grants, as they are stored: what a revocation names." })
  grants(): GrantNode[] {
    return this.holder.grants.map((grant) => new GrantNode(this.loaders, grant));
  }
}

const SpaceHolderConnection = defineConnection("SpaceHolder", () => SpaceHolderNode);

@Resolver(() => SpaceNode)
export class SpaceHoldersResolver {
  @FieldResolver(() => SpaceHolderConnection, {
    description:
      "To whom the space grants anything directly, a row a principal with all of it: accounts, access classes, groups, each ordered by id. Read live, like `grants` and from the same calls.",
  })
  holders(
    @Root() { loaders, id, spaceId }: SpaceNode,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("filter", () => GrantFilter, {
      nullable: true,
      description: "Which of them: those with any grant that fits. Shown is all that they are granted.",
    })
    filter: GrantFilter | null | undefined,
    @Ctx() context: GraphContext,
  ): PageAnswer<SpaceHolderNode> {
    return loadPage(context, {
      list: ["Space.holders", id, filter ?? null],
      page,
      missing: `what space ${spaceId} grants`,
      read: () => readHolders(context, loaders, { filter, scope: { spaceId } }),
      orderKeyOf: ({ principal }) => principalKey(principal),
      nodesOf: (holders) => holders.map((holder) => new SpaceHolderNode(loaders, holder)),
    });
  }
}

async function readHolders(
  context: GraphContext,
  loaders: SiteLoaders,
  { filter, scope }: Pick<GrantList, "filter" | "scope">,
): Promise<Complete<Holder>> {
  const all = await readGrantList(context, [loaders], { filter: null, scope });
  const fitting = filter == null ? all : await readGrantList(context, [loaders], { filter, scope });
  const wanted = new Set(itemsOf(fitting).map(({ item }) => principalKey(principalOf(item))));
  const held = new Map<string, StoredSpaceGrant[]>();
  for (const { item } of itemsOf(all)) {
    const key = principalKey(principalOf(item));
    if (!isOfSpace(item) || !wanted.has(key)) continue;
    const known = held.get(key);
    if (known === undefined) held.set(key, [item]);
    else known.push(item);
  }
  const holders = [...held].sort(([left], [right]) => compareText(left, right)).map(([, grants]) => grants);
  return {
    ...mergeTrust([all, fitting], context.clock.now()),
    items: holders.flatMap((grants) => (grants[0] === undefined ? [] : [{ principal: grants[0].principal, grants }])),
  };
}

function itemsOf<T>({ items }: ListReading<T>): readonly T[] {
  return items.slice(0, items.length);
}

function isOfSpace(grant: Grant): grant is StoredSpaceGrant {
  return grant.kind === "permission" || grant.kind === "role";
}

function operationsOf(
  loaders: SiteLoaders,
  grant: StoredSpaceGrant,
): readonly Operation[] | SiteError | Promise<readonly Operation[] | SiteError> {
  if (grant.kind === "permission") return [grant.operation];
  return whenRead(readRoleDefinition(loaders, grant.roleId), (role) =>
    role instanceof SiteError ? role : role.permissions,
  );
}

function isKnown<T>(values: readonly (T | Promise<T>)[]): values is readonly T[] {
  return values.every((value) => !(value instanceof Promise));
}
