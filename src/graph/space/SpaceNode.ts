import type { GraphQLResolveInfo } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { SpaceRole } from "../../domain/Grant.js";
import type { AccountId, RoleId, SiteId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Space } from "../../domain/Space.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { space } from "../../loaders/spaces.js";
import { SpaceKind, SpaceStatus } from "../schema/enums.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import type { Readable } from "../schema/GraphContext.js";
import { Node } from "../schema/nodes/Node.js";
import { SharedNodes } from "../schema/nodes/SharedNodes.js";
import { spaceGlobalId } from "../schema/recentIds.js";

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId spaceId")')
@Directive('@key(fields: "siteId key")')
@ObjectType("Space", {
  implements: Node,
  simpleResolvers: true,
  description: "What access is granted to: a space of a site.",
})
export class SpaceNode {
  readonly __typename = "Space";
  readonly loaders: SiteLoaders;
  readonly authorId: Readable<AccountId>;
  readonly ownerId: Readable<AccountId>;

  readonly #failure: Error | null;

  @Field(() => ID, { description: "Opaque global id: type, site and space in one." })
  get id(): string {
    return spaceGlobalId(this.siteId, this.spaceId);
  }

  @Field(() => ID, { description: "The site this space is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, { description: "The space's numeric id on its site, as text." })
  readonly spaceId: SpaceId;

  @Field(() => ID, {
    nullable: true,
    description:
      "The space's key. Example: `ENG`, or `~712020…` for a personal space. Null, with an error, when the space could not be read.",
  })
  readonly key: Readable<SpaceKey>;

  @Field(() => String, {
    nullable: true,
    description: "The alias in the space's address, where it differs from the key.",
  })
  readonly alias: Readable<string>;

  @Field(() => String, { nullable: true, description: "The space's name." })
  readonly name: Readable<string>;

  @Field(() => SpaceKind, { description: "What sort of space it is." })
  readonly kind: string;

  @Field(() => String, { nullable: true, description: "The site's own word for the kind. Example: `knowledge_base`." })
  readonly kindAsReported: Readable<string>;

  @Field(() => SpaceStatus, { description: "Where it is in its life." })
  readonly status: string;

  @Field(() => String, { nullable: true, description: "The site's own word for the status." })
  readonly statusAsReported: Readable<string>;

  @Field(() => GraphQLDateTime, { nullable: true, description: "When the space was created." })
  readonly createdAt: Readable<Date>;

  @Field(() => String, { nullable: true, description: "The address of the space's start page." })
  readonly homepageUrl: Readable<string>;

  /** `facts`: `null` when the space is not visible, an `Error` when it could not be read. */
  constructor(loaders: SiteLoaders, spaceId: SpaceId, facts: Space | null | Error) {
    const siteId = loaders.store.site.siteId;
    this.#failure = facts instanceof Error ? facts : null;
    this.loaders = loaders;
    this.siteId = siteId;
    this.spaceId = spaceId;
    const known = facts instanceof Error ? null : facts;
    const read = <T>(value: T | null | undefined): Readable<T> => (facts instanceof Error ? facts : (value ?? null));
    this.key = read(known?.key);
    this.alias = read(known?.alias);
    this.name = read(known?.name);
    this.kind = known?.kind ?? SpaceKind.UNKNOWN;
    this.kindAsReported = read(known?.reportedKind);
    this.status = known?.status ?? SpaceStatus.UNKNOWN;
    this.statusAsReported = read(known?.reportedStatus);
    this.createdAt = read(known?.createdAt);
    this.homepageUrl = read(known?.homepageUrl);
    this.authorId = read(known?.authorId);
    this.ownerId = read(known?.ownerId);
  }

  /** Why a field that is never null says `UNKNOWN`, where that is because a read failed. */
  unread(_field: string): Error | null {
    return this.#failure;
  }
}

/** The fields of a Space that are known from its id alone. */
const free: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "spaceId",
  "site",
  "grants",
  "roleAssignments",
  "effectiveAccess",
  "holders",
]);

/** One space; its facts are read only when the query selects any, synchronously where they are known. */
export function spaceNode(
  loaders: SiteLoaders,
  id: SpaceId,
  info: GraphQLResolveInfo,
  paths?: readonly (readonly string[])[],
): SpaceNode | Promise<SpaceNode> {
  return spaces.of(loaders, id, info, paths);
}

const spaces = new SharedNodes({
  ...{ typeName: "Space", free, facts: space },
  make: (loaders, id, facts) => new SpaceNode(loaders, id, facts),
});

@ObjectType("Permission", {
  simpleResolvers: true,
  description:
    "What may be done, and on what. Both are open sets: operations that no documentation lists are shown as the site names them.",
})
export class PermissionNode {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`, `export_content`." })
  readonly operation: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`, `comment`." })
  readonly target: string;

  constructor(operation: Operation) {
    this.operation = operation.key;
    this.target = operation.target;
  }
}

const permissions = new WeakMap<Operation, readonly [PermissionNode]>();

/** The one permission that a grant of an operation gives: one and the same for all rows, whose operations are the same. */
export function onlyPermission(operation: Operation): readonly [PermissionNode] {
  const known = permissions.get(operation);
  if (known !== undefined) return known;
  const made = [new PermissionNode(operation)] as const;
  permissions.set(operation, made);
  return made;
}

/** An operation as a node: one and the same for all that hold it. */
export function permissionNode(operation: Operation): PermissionNode {
  return onlyPermission(operation)[0];
}

@ObjectType("SpaceRole", {
  implements: Node,
  simpleResolvers: true,
  description: "A named bundle of permissions that can be assigned in a space.",
})
export class SpaceRoleNode {
  readonly __typename = "SpaceRole";

  @Field(() => ID, { description: "Opaque global id: type, site and role in one." })
  readonly id: string;

  @Field(() => ID, { description: "The site this role is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, { description: "The role's own id on its site." })
  readonly roleId: RoleId;

  @Field(() => String, { nullable: true, description: "The role's name. Null when its definition is not there." })
  readonly name: Readable<string>;

  @Field(() => String, { nullable: true, description: "What the role is for, in its author's words." })
  readonly description: Readable<string>;

  @Field(() => String, { nullable: true, description: "The site's own word for the type: `SYSTEM` or `CUSTOM`." })
  readonly typeAsReported: Readable<string>;

  @Field(() => [PermissionNode], {
    nullable: true,
    description: "What the role gives. Null, with an error, when its definition could not be read.",
  })
  readonly permissions: Readable<PermissionNode[]>;

  constructor(loaders: SiteLoaders, roleId: RoleId, definition: SpaceRole | Error) {
    const siteId = loaders.store.site.siteId;
    this.id = encodeGlobalId({ type: "SpaceRole", siteId, roleId });
    this.siteId = siteId;
    this.roleId = roleId;
    const isUnread = definition instanceof Error;
    this.name = isUnread ? definition : definition.name;
    this.description = isUnread ? definition : definition.description;
    this.typeAsReported = isUnread ? definition : definition.reportedType;
    this.permissions = isUnread ? definition : definition.permissions.map(permissionNode);
  }
}
