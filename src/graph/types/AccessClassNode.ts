import { Field, ID, ObjectType } from "type-graphql";
import type { SiteId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../ids/encodeGlobalId.js";
import { accessClassNames } from "./accessClassNames.js";

@ObjectType("AccessClass", {
  simpleResolvers: true,
  description:
    "A principal that stands for many: anonymous users, all licensed users, a principal of a type this version does not know. A grant to it reaches everyone it stands for.",
})
export class AccessClassNode {
  readonly __typename = "AccessClass";

  @Field(() => ID, { description: "Opaque global id: type, site and class in one." })
  readonly id: string;

  @Field(() => ID, { description: "The site this class is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, { description: "The class as the site names it. Example: `anonymous-users`, `all-licensed-users`." })
  readonly classId: string;

  // Nullable like `Group.name`, beside which it stands in queries on a Principal: fields of one name must be of one type.
  @Field(() => String, {
    nullable: true,
    description:
      "What people call it; the class id where nobody has given it a name. Example: `Anyone, without signing in`.",
  })
  readonly name: string;

  @Field(() => String, {
    description: "The site's own word for this type of principal. Example: `access-class`, `ACCESS_CLASS`, `role`.",
  })
  readonly typeAsReported: string;

  constructor(loaders: SiteLoaders, principal: Extract<Principal, { kind: "accessClass" }>) {
    const siteId = loaders.store.site.siteId;
    const { classId, reportedType } = principal;
    this.id = encodeGlobalId({ type: "AccessClass", siteId, classId, reportedType });
    this.siteId = siteId;
    this.classId = classId;
    this.name = accessClassNames.get(classId) ?? classId;
    this.typeAsReported = reportedType;
  }
}
