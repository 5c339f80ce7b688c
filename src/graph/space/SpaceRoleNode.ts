import { Field, ID, ObjectType } from "type-graphql";
import type { SpaceRole } from "../../domain/Grant.js";
import type { RoleId, SiteId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import type { Readable } from "../schema/GraphContext.js";

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

@ObjectType("SpaceRole", {
  simpleResolvers: true,
  description: "A named bundle of permissions that can be assigned in a space.",
})
export class SpaceRoleNode {
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
    this.permissions = isUnread ? definition : definition.permissions.map((operation) => new PermissionNode(operation));
  }
}
