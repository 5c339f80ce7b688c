import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../ids/encodeGlobalId.js";
import { Deployment } from "./enums.js";

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId")')
@ObjectType("Site", {
  simpleResolvers: true,
  description: "One Confluence instance that this graph is configured for: a Cloud site or a Data Center cluster.",
})
export class SiteNode {
  readonly __typename = "Site";
  /** Kept out of the schema: what the resolvers of this site's fields read through. */
  readonly loaders: SiteLoaders;

  @Field(() => ID, { description: "Opaque global id." })
  readonly id: string;

  @Field(() => ID, { description: "The site's short name from the configuration. Example: `acme`." })
  readonly siteId: SiteId;

  @Field(() => String, {
    nullable: true,
    description:
      "What people call the site. Never null: nullable as the name of a Group and of a Space is, so that all three can be asked for at once.",
  })
  readonly name: string;

  @Field(() => String, { description: "The address people use. Example: `https://acme.atlassian.net`." })
  readonly url: string;

  @Field(() => Deployment, { description: "Where it runs." })
  readonly deployment: string;

  constructor(loaders: SiteLoaders) {
    const { site } = loaders.store;
    this.loaders = loaders;
    this.id = encodeGlobalId({ type: "Site", siteId: site.siteId });
    this.siteId = site.siteId;
    this.name = site.name;
    this.url = site.url;
    this.deployment = site.deployment === "cloud" ? Deployment.CLOUD : Deployment.DATA_CENTER;
  }
}
