import { Field, ID, ObjectType } from "type-graphql";
import type { SpaceRole } from "../../domain/Grant.js";
import type { RoleId, SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../ids/encodeGlobalId.js";
import type { Readable } from "../Readable.js";
import { PermissionNode } from "./PermissionNode.js";

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
