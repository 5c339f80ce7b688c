import { Field, ObjectType } from "type-graphql";
import type { SiteCapability } from "../../domain/Site.js";
import { SiteCapabilityName } from "./enums.js";

@ObjectType("SiteCapability", {
  simpleResolvers: true,
  description: "Whether a site can do something, and if not, why.",
})
export class SiteCapabilityNode {
  @Field(() => SiteCapabilityName, { description: "What it is about." })
  readonly name: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "True when the site can do it now; null when that is not known, and `reason` says why.",
  })
  readonly isAvailable: boolean | null;

  @Field(() => String, { nullable: true, description: "Why not, or why it is not known; null when it can." })
  readonly reason: string | null;

  constructor({ name, reason, isKnown = true }: SiteCapability) {
    this.name = name;
    this.isAvailable = isKnown ? reason === null : null;
    this.reason = reason;
  }
}
