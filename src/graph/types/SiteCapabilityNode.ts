import { Field, ObjectType } from "type-graphql";
import { SiteCapabilityName } from "./enums.js";

@ObjectType("SiteCapability", {
  simpleResolvers: true,
  description: "Whether a site can do something, and if not, why.",
})
export class SiteCapabilityNode {
  @Field(() => SiteCapabilityName, { description: "What it is about." })
  readonly name: string;

  @Field(() => Boolean, { description: "True when the site can do it now." })
  readonly isAvailable: boolean;

  @Field(() => String, { nullable: true, description: "Why not; null when it can." })
  readonly reason: string | null;

  constructor(name: keyof typeof SiteCapabilityName, reason: string | null) {
    this.name = name;
    this.isAvailable = reason === null;
    this.reason = reason;
  }
}
