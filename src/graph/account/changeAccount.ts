import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { AccountRemoval } from "../../provisioning/accounts/AccountRequest.js";
import { ChangeOutcome, ChangeReach, UserErrorNode } from "../change/changeEnums.js";
import { dryRunField, ProvenanceInput } from "../change/inputs.js";
import { PolicyAnswerNode, policyField } from "../change/policyAnswers.js";
import { defineEnum } from "../schema/enums.js";
import { type AccountNode as Account, AccountNode } from "./AccountNode.js";

@InputType({ description: "Gives an account another name or e-mail address. Data Center only." })
export class UpdateAccountInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of an Account of a Data Center site." })
  readonly account!: string;

  @Field(() => String, {
    nullable: true,
    description: "The name shown: at most 255 characters, none of them `<` or `>`. Left out: as it is.",
  })
  readonly displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The e-mail address: with an @, at most 320 characters. Left out: as it is.",
  })
  readonly email?: string | null;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of an account's name and e-mail address." })
export class UpdateAccountPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;

  @Field(() => ChangeOutcome, {
    description: "How it ended: `REPLACED`, or `ALREADY_EXISTS` when the account had all of it already.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description:
      "Why it was not carried out. `STATE_UNKNOWN` as well when it was accepted and the site does not tell the address, so that it cannot be read back.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account as read back. Null where the input could not be understood.",
  })
  readonly account: Account | null;

  constructor(facts: UpdateAccountPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.account = facts.account;
  }
}

const lastAdministratorField = {
  defaultValue: false,
  description:
    "True to say that it may leave spaces of the site without an active person who administers them. Without it that is refused with `LAST_ADMINISTRATOR`, or `STATE_UNKNOWN` where it cannot be read.",
};

@InputType()
abstract class AccountStatusInput extends ProvenanceInput {
  @Field(() => ID, {
    description: "The `id` of an Account: of a Data Center site, or of a Cloud site whose organization is configured.",
  })
  readonly account!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True to say that it may reach every product of the organization, not this site alone. Without it nothing is written; a dry run shows in `affectedResources` what it would reach. Not needed on Data Center, where nothing beyond the site is reached.",
  })
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Suspends an account: in the whole organization, on Data Center on its site." })
export class SuspendAccountInput extends AccountStatusInput {
  @Field(() => Boolean, lastAdministratorField)
  readonly acknowledgeAdministration!: boolean;
}

@InputType({ description: "Ends the suspension of an account: in the whole organization, on Data Center on its site." })
export class RestoreAccountInput extends AccountStatusInput {}

@InputType({ description: "Removes an account with its groups: from the organization, on Data Center from its site." })
export class RemoveAccountInput extends AccountStatusInput {
  @Field(() => Boolean, lastAdministratorField)
  readonly acknowledgeAdministration!: boolean;
}

const RemovalState = defineEnum("RemovalState", "How far a removal is that a site carries out in its own time.", {
  RUNNING: "It is under way: repeat the call to learn how it ended.",
  SUCCEEDED: "The site says that it is done.",
  FAILED: "The site could not carry it out: `message` says why.",
  UNKNOWN: "The site does not know it any more, or its answer was lost; what is there tells how it ended.",
});

@ObjectType("AccountRemoval", {
  simpleResolvers: true,
  description: "A removal that a Data Center site accepted, or may have accepted, and carries out in its own time.",
})
export class AccountRemovalNode {
  @Field(() => ID, {
    nullable: true,
    description:
      "The site's own id of the task: `GET /rest/api/longtask/{id}`. Null where the answer that would have named it was lost: the removal may be under way all the same.",
  })
  readonly taskId: string | null;

  @Field(() => RemovalState, { description: "How far it is." })
  readonly state: string;

  @Field(() => Int, { nullable: true, description: "How much of it is done, 0 to 100; null where that is not told." })
  readonly percentage: number | null;

  @Field(() => String, { nullable: true, description: "What the site says of it; null when it says nothing." })
  readonly message: string | null;

  constructor({ taskId, task }: AccountRemoval) {
    this.taskId = taskId;
    this.state = task?.state ?? "UNKNOWN";
    this.percentage = task === null ? null : Math.round(task.percentage);
    this.message = task?.message ?? null;
  }
}

/** What suspending, restoring and removing an account have in common; the schema shows a type for each. */
@ObjectType({ simpleResolvers: true })
export class AccountStatusPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;

  @Field(() => ChangeOutcome, {
    description:
      "How it ended: `REPLACED` when it was suspended or restored, `REMOVED`, `ALREADY_EXISTS` when it was so already, `NOT_PRESENT` when there was nothing to remove, `STARTED` when a Data Center site still works on the removal.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => [String], {
    description:
      "Every resource of the organization that the account may use and that the change reaches: those it had before, and those it has after. Of a suspended account the organization lists none until it is restored. Empty on Data Center, where nothing beyond the site is reached. Example: `ari:cloud:confluence::site/…`.",
  })
  readonly affectedResources: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account as read back. Null where the input could not be understood.",
  })
  readonly account: Account | null;

  @Field(() => AccountRemovalNode, {
    nullable: true,
    description:
      "The removal that a Data Center site accepted and carries out in its own time: a call waits for it for 20 seconds at most. Null where none was started.",
  })
  readonly removal: AccountRemovalNode | null;

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  constructor(facts: AccountStatusPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.affectedResources = facts.affectedResources;
    this.account = facts.account;
    this.removal = facts.removal;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: "What became of suspending an account: in its organization, on Data Center on its site.",
})
export class SuspendAccountPayload extends AccountStatusPayload {}

@ObjectType({
  simpleResolvers: true,
  description: "What became of ending the suspension of an account: in its organization, on Data Center on its site.",
})
export class RestoreAccountPayload extends AccountStatusPayload {}

@ObjectType({
  simpleResolvers: true,
  description: "What became of removing an account: from its organization, on Data Center from its site.",
})
export class RemoveAccountPayload extends AccountStatusPayload {}
