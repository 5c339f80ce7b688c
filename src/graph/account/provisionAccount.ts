import { Field, ID, InputType, ObjectType } from "type-graphql";
import type { AccountId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Afterwards } from "../../provisioning/aftermath.js";
import type { Newcomer } from "../access/preview/previewAccess.js";
import { AccessChangeNode } from "../change/AccessChangeNode.js";
import { ChangeOutcome, ChangeReach, OnExistingRole, UserErrorNode } from "../change/changeEnums.js";
import {
  acknowledgeAdministrationField,
  dryRunField,
  onExistingRoleField,
  PermissionInput,
  ProvenanceInput,
} from "../change/inputs.js";
import { PolicyAnswerNode, policyField } from "../change/policyAnswers.js";
import { type GroupNode as Group, GroupNode } from "../group/GroupNode.js";
import { defineEnum } from "../schema/enums.js";
import { type AccountNode as Account, AccountNode } from "./AccountNode.js";

@InputType({ description: "Access to one space for the account that is provisioned: single permissions, or a role." })
export class AccountAccessInput {
  @Field(() => ID, { description: "The `id` of a Space of the same site. Each space once." })
  readonly space!: string;

  @Field(() => [PermissionInput], {
    nullable: true,
    description:
      "Single permissions. `read` on `space` is granted first where it is missing, because Confluence asks for it. Give these or `role`.",
  })
  readonly permissions?: PermissionInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description: "The `id` of a SpaceRole. An account has one role at most in a space: see `onExistingRole`.",
  })
  readonly role?: string | null;

  @Field(() => OnExistingRole, onExistingRoleField)
  readonly onExistingRole!: keyof typeof OnExistingRole;
}

@InputType({ description: "Gives a person an account on a site, and the account what it shall have there." })
export class ProvisionAccountInput extends ProvenanceInput {
  @Field(() => ID, { nullable: true, description: "The site; may be left out where there is only one." })
  readonly siteId?: string | null;

  @Field(() => String, { description: "The person's e-mail address: with an @, at most 320 characters." })
  readonly email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The first name. Kept only where the person is created: in a synchronised directory (SCIM), or on a Data Center site.",
  })
  readonly givenName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The last name. Kept only where the person is created: in a synchronised directory (SCIM), or on a Data Center site.",
  })
  readonly familyName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The name shown; made of first and last name where it is left out. Kept only where the person is created, in a synchronised directory (SCIM) or on a Data Center site: people who are invited name themselves. Data Center takes no `<` and `>`, and creates nobody without a name.",
  })
  readonly displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Data Center: the name to sign in with, by which the account is looked up; whatever its case, it is created in lower case. Left out: the e-mail address in lower case, and an account that has this address under another name is found too where the version tells addresses (10.2+).",
  })
  readonly username?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Data Center: the password of a new account; then no e-mail is sent. It stands in no plan, audit or log. Leave it and `generatePassword` out to let the person set one by way of an e-mail (8.4+). Pass it as a variable.",
  })
  readonly password?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "Data Center: true to have a strong password made for a new account, told once in `generatedPassword`; then no e-mail is sent.",
  })
  readonly generatePassword!: boolean;

  @Field(() => [ID], {
    defaultValue: [],
    description:
      "The `id`s of Groups of the same site that the account shall be in. With `access` together at most 200.",
  })
  readonly groups!: string[];

  @Field(() => [AccountAccessInput], {
    defaultValue: [],
    description: "The access to spaces that the account shall have.",
  })
  readonly access!: AccountAccessInput[];

  @Field(() => String, {
    defaultValue: "atlassian/user",
    description:
      "The product role on the site, in the organization's words: `atlassian/user`, `atlassian/guest`. Given where the account has no access to the site yet, or has it and not this role; who has more than a guest or a user is left as they are. Without an organization only `atlassian/user` can be given. Cloud only: on Data Center groups say it all, and any other role is refused.",
  })
  readonly productRole!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description:
      "Whether the organization sends an e-mail with its invitation. Confluence's own invitation always does. Data Center sends one to let the person set a password: false needs a password, given or generated.",
  })
  readonly sendNotification!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "A text of the caller's in the organization's e-mail. Cloud only.",
  })
  readonly notificationText?: string | null;

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

const InvitationStatus = defineEnum("InvitationStatus", "Where an invitation stands.", {
  INVITED: "It went out now.",
  PENDING: "It went out earlier and is not known to be accepted: nothing was sent now.",
});

@ObjectType("AccountInvitation", {
  simpleResolvers: true,
  description:
    "An invitation that was not accepted yet: the person has no access before. Repeating the mutation tells whether they came, and does then what is left.",
})
export class AccountInvitationNode {
  @Field(() => String, { description: "The e-mail address that was invited." })
  readonly email: string;

  @Field(() => InvitationStatus, { description: "Where it stands." })
  readonly status: string;

  @Field(() => [GroupNode], { description: "Groups that the person is in once the invitation is accepted." })
  readonly groups: readonly Group[];

  constructor(facts: AccountInvitationNode) {
    this.email = facts.email;
    this.status = facts.status;
    this.groups = facts.groups;
  }
}

const AccountDecidedBy = defineEnum("AccountDecidedBy", "What an account was taken for a person's by.", {
  EMAIL:
    "The address: the account was made with it, or the site, its organization or the synchronised directory tells that it has it.",
  USERNAME:
    "Data Center: the name to sign in with alone, because the site tells no address of the account (before 10.2 most tell none).",
  ACCOUNT_ID:
    "The account that the organization named when it was asked to invite the address: it keeps the addresses of accounts that it does not manage to itself.",
});

@ObjectType({
  simpleResolvers: true,
  description: "What became of a person's account, and of what it was to be given.",
})
export class ProvisionAccountPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;

  @Field(() => ChangeOutcome, {
    description:
      "How it ended for the account: `CREATED` when it was made, given access to the site or the product role, or invited now; `ALREADY_EXISTS` when it has access and the role, or an invitation is open. What was granted has outcomes of its own in `changes`.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description:
      "Why it was not carried out, or what is not done yet. Empty when all of the account is done; `changes` have errors of their own.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], {
    description: "The calls that were planned for the account. Those of each grant are in `changes`.",
  })
  readonly plan: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account; null while there is none, or none that can be told. Then see `invitation`.",
  })
  readonly account: Account | null;

  @Field(() => AccountDecidedBy, {
    nullable: true,
    description:
      "What says that `account` is the account of the person who was asked for. Null where `account` is. `EMAIL` is what a gateway may rely on; of `USERNAME` and `ACCOUNT_ID` nobody told the address, so it could not be compared.",
  })
  readonly decidedBy: string | null;

  @Field(() => AccountInvitationNode, {
    nullable: true,
    description: "The invitation that is open; null when none is.",
  })
  readonly invitation: AccountInvitationNode | null;

  @Field(() => [AccessChangeNode], {
    description:
      "What became of each group and each access asked for, groups first, in the order asked; `field` of an error says which. Groups that went out with the invitation are in `invitation.groups` instead. What has to wait for the account fails with `ACCOUNT_PENDING`. Empty when the account itself failed.",
  })
  readonly changes: readonly AccessChangeNode[];

  @Field(() => String, {
    nullable: true,
    description:
      "The password that was generated for the account made now: told this once, and kept nowhere. Null unless `generatePassword` asked for one and the outcome is `CREATED`.",
  })
  readonly generatedPassword: string | null;

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  /** Who would get a licence on the site; kept out of the schema. */
  readonly licensedId: AccountId | null;
  /** How things would stand once what is planned beside its role is done; where `changes` tell it, it is left to them. */
  readonly planned: Afterwards | null;
  /** Of a dry run: who would be made or invited; `null` where the account is there, or nothing is planned. */
  readonly newcomer: (Newcomer & { readonly loaders: SiteLoaders }) | null;

  constructor(facts: ProvisionAccountPayload) {
    this.licensedId = facts.licensedId;
    this.planned = facts.planned;
    this.newcomer = facts.newcomer;
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.account = facts.account;
    this.decidedBy = facts.decidedBy;
    this.invitation = facts.invitation;
    this.changes = facts.changes;
    this.generatedPassword = facts.generatedPassword;
  }
}
