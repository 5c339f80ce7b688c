import { GraphQLDateTime } from "graphql-scalars";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { Grant } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../ids/encodeGlobalId.js";
import { grantAddress } from "../ids/grantAddress.js";

@Directive('@key(fields: "id")')
@ObjectType("Grant", {
  simpleResolvers: true,
  description:
    "Principal × entitlement × resource, exactly as Confluence stores it. Granular permissions, role assignments and group memberships stand side by side.",
})
export class GrantNode {
  readonly __typename = "Grant";
  readonly loaders: SiteLoaders;
  readonly grant: Grant;

  @Field(() => ID, {
    description:
      "Opaque global id. Changes when what is granted changes. Of a single permission on Cloud it names the stored row; where Confluence stores no id (Data Center, roles, memberships) it names who holds what and where, so that what is granted anew has the id it had.",
  })
  get id(): string {
    return encodeGlobalId({ type: "Grant", siteId: this.siteId, ...grantAddress(this.grant) });
  }

  @Field(() => ID, { description: "The site that stores it, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => GraphQLDateTime, { description: "When it was read from the site." })
  readonly asOf: Date;

  constructor(loaders: SiteLoaders, grant: Grant) {
    this.loaders = loaders;
    this.grant = grant;
    this.siteId = grant.siteId;
    this.asOf = new Date(grant.asOfMs);
  }
}
