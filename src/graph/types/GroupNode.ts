import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { Group } from "../../domain/Group.js";
import type { GroupId, SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { encodeGlobalId } from "../ids/encodeGlobalId.js";
import type { Readable } from "../Readable.js";
import { GroupManager, GroupUsage } from "./enums.js";

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId groupId")')
@ObjectType("Group", {
  simpleResolvers: true,
  description: "A named set of accounts. A group that only a left-over grant still names is here too, without a name.",
})
export class GroupNode {
  readonly __typename = "Group";
  readonly loaders: SiteLoaders;

  readonly #failure: Error | null;

  @Field(() => ID, { description: "Opaque global id: type, site and group in one." })
  readonly id: string;

  @Field(() => ID, { description: "The site this group is of, as in `Site.siteId`." })
  readonly siteId: SiteId;

  @Field(() => ID, {
    description:
      "The group's own id on its site. Cloud: a UUID. Data Center: the group's name in lower case, however lists and rows spell it; `name` is as the site spells it.",
  })
  readonly groupId: GroupId;

  @Field(() => String, { nullable: true, description: "The group's name; null when the group no longer exists." })
  readonly name: Readable<string>;

  @Field(() => GroupManager, {
    description:
      "Who decides about its members. Decides whether memberships can be changed here. `UNKNOWN` on Data Center, which does not tell.",
  })
  readonly managedBy: string;

  @Field(() => String, { nullable: true, description: "The site's own word for who manages it." })
  readonly managedByAsReported: Readable<string>;

  @Field(() => GroupUsage, { description: "What the group is for." })
  readonly usage: string;

  @Field(() => String, { nullable: true, description: "The site's own word for what it is for." })
  readonly usageAsReported: Readable<string>;

  /** `facts`: `null` when the group does not exist (any more), an `Error` when they could not be read. */
  constructor(loaders: SiteLoaders, groupId: GroupId, facts: Group | null | Error) {
    const siteId = loaders.store.site.siteId;
    this.#failure = facts instanceof Error ? facts : null;
    this.loaders = loaders;
    this.id = encodeGlobalId({ type: "Group", siteId, groupId });
    this.siteId = siteId;
    this.groupId = groupId;
    const known = facts instanceof Error ? null : facts;
    const read = <T>(value: T | null | undefined): Readable<T> => (facts instanceof Error ? facts : (value ?? null));
    this.name = read(known?.name);
    this.managedBy = known?.managedBy ?? GroupManager.UNKNOWN;
    this.managedByAsReported = read(known?.reportedManager);
    this.usage = known?.usage ?? GroupUsage.UNKNOWN;
    this.usageAsReported = read(known?.reportedUsage);
  }

  /** Why a field that is never null says `UNKNOWN`, where that is because a read failed. */
  unread(_field: string): Error | null {
    return this.#failure;
  }
}
