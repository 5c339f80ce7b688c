import { Field, ObjectType } from "type-graphql";
import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import type { Change } from "../../provisioning/Change.js";
import type { ChangeResult } from "../../provisioning/reconcile/Task.js";
import { ChangeOutcome } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

@ObjectType("AccessChange", { simpleResolvers: true, description: "One change of access and how it ended." })
export class AccessChangeNode {
  /** Kept out of the schema: what the resolvers of this type read. Both null where the input could not be understood. */
  readonly loaders: SiteLoaders | null;
  readonly change: Change | null;

  @Field(() => ChangeOutcome, { description: "How it ended." })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], {
    description:
      "The calls that were planned, in order, and after them what goes with them unasked. A dry run does none of them; the real run that follows does exactly these. Example: `grant read/space`, `with it goes create/page (row 12)`.",
  })
  readonly plan: readonly string[];

  constructor(
    result: Omit<ChangeResult, "fault"> & { readonly faults: readonly ChangeFault[] },
    place: { readonly loaders: SiteLoaders; readonly change: Change } | null,
  ) {
    this.loaders = place?.loaders ?? null;
    this.change = place?.change ?? null;
    this.outcome = result.outcome;
    this.userErrors = result.faults.map((fault) => new UserErrorNode(fault));
    this.plan = result.plan;
  }
}
