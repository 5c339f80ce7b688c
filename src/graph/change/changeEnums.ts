import { Field, ObjectType } from "type-graphql";
import type { ChangeFault } from "../../domain/Change.js";
import { defineEnum } from "../schema/enums.js";

export const ChangeOutcome = defineEnum(
  "ChangeOutcome",
  "How a change ended, by what was read back afterwards and not by what was sent.",
  {
    CREATED: "It was not there; now it is.",
    ALREADY_EXISTS: "It was there already: nothing was written.",
    REPLACED: "Something else was there in its place, which it replaced.",
    KEPT: "Something else is there in its place and was left, as asked: nothing was written.",
    REMOVED: "It was there; now it is not.",
    NOT_PRESENT: "It was not there: nothing was written.",
    INHERITED:
      "It is there by way of something else alone, such as a child group, and cannot be taken away here. Nothing was written where that was told beforehand; some Data Center directories list the members of child groups too, and there the account is taken out of the group first.",
    STARTED: "It was accepted and is still under way. Repeat the call to learn how it ended: nothing is sent twice.",
    PLANNED: "A dry run: nothing was written. `plan` says what would be.",
    FAILED: "It was not carried out: `userErrors` say why.",
  },
);

export const UserErrorCode = defineEnum("UserErrorCode", "Why a change was not carried out, for programs.", {
  PROVISIONING_DISABLED: "Changes are switched off for this site.",
  INVALID_INPUT: "The input cannot be used: a malformed id, an empty list, two things where one is asked for.",
  TOO_MANY_CHANGES: "More changes than one request may hold.",
  PRINCIPAL_NOT_FOUND: "The site knows no such account, group or access class.",
  SPACE_NOT_FOUND: "No such space, or it is hidden or in the trash.",
  GROUP_NOT_FOUND: "No such group.",
  ROLE_NOT_FOUND: "The site has no such role.",
  OTHER_ROLE_HELD:
    "The principal holds another role in the space, and a principal has one at most: say what is to happen by `onExistingRole`.",
  GRANT_NOT_FOUND: "The id of the grant cannot be read.",
  ACCOUNT_NOT_FOUND: "The site knows no such account.",
  ACCOUNT_PENDING: "The person has not accepted the invitation: repeat the call when the account exists.",
  UNKNOWN_PERMISSION: "Confluence has no such pair of operation and target to grant.",
  PERMISSION_NOT_WRITABLE: "The permission exists but cannot be written.",
  GRANULAR_ON_ROLES_SITE: "The site knows roles only; the message names the smallest role that fits.",
  ROLES_NOT_AVAILABLE: "The site has no roles.",
  PRINCIPAL_NOT_SUPPORTED: "Confluence takes this sort of access for other principals only.",
  GROUP_MANAGED_EXTERNALLY: "A system outside Atlassian manages the group.",
  DIRECTORY_READ_ONLY:
    "The account or group is of a directory that Confluence may only read (LDAP, Crowd): change it there.",
  OWN_ACCOUNT: "It is the account that this service signs in with: it would lock itself out.",
  LAST_ADMINISTRATOR: "The space would be left without an administrator.",
  NOT_REVOCABLE: "The grant cannot be revoked here.",
  ACKNOWLEDGEMENT_REQUIRED:
    "The change reaches further than what was asked for and must be asked for by itself: every product of the organization, an account that was suspended, or administration beyond one space or one person.",
  UNSUPPORTED: "This site or its configuration lacks what the change needs.",
  STATE_UNKNOWN: "What is there could not be read, before or after: nothing is claimed.",
  ANSWER_LOST: "The answer was lost and the change was found not to be carried out: it is safe to repeat.",
  UPSTREAM_REFUSED: "Confluence refused; the message says why.",
  UPSTREAM_UNAVAILABLE: "Confluence could not be reached or failed.",
  AUDIT_UNAVAILABLE: "The record of changes cannot be read or written.",
  FORBIDDEN: "The caller lacks a scope on this site, or `grant:administration` for what is administration.",
  OWN_ACCESS: "It would give the caller's own account a permission, a role or a membership that it does not hold.",
  POLICY_DENIED: "The policy denies it; the message gives its reason.",
  POLICY_UNAVAILABLE: "The policy could not be asked, or gave no answer that can be used: nothing was changed.",
  POLICY_OUTDATED: "What is there changed while the policy was asked, so that it allowed something else: ask again.",
  IN_PROGRESS: "A call with the same `requestId` is under way: ask again in a moment.",
  REQUEST_ID_REUSED: "The `requestId` was used for another input.",
});

export const ChangeReach = defineEnum("ChangeReach", "How far a change goes beyond what it names.", {
  ORGANIZATION_WIDE: "To every product and site of the organization. Asks for `acknowledgeOrganizationWide`.",
  ADMINISTRATION:
    "To the administration of the site, a product, or a space by everybody. Asks for `acknowledgeAdministration`.",
  EVERYONE: "To everybody who has an account, or to anybody at all.",
});

export const AccessVerdict = defineEnum("AccessVerdict", "Whether an account surely has a permission.", {
  ALLOWED: "Known facts suffice, whatever else is missing.",
  UNKNOWN: "Something that could not be read stands in the way of saying so.",
});

export const OnExistingRole = defineEnum(
  "OnExistingRole",
  "What happens where a role is to be granted to somebody who holds another one in the space.",
  {
    REFUSE: "Nothing is written: `OTHER_ROLE_HELD`.",
    KEEP: "The other one stays: nothing is written, and the outcome is `KEPT`.",
    REPLACE: "The new one takes its place. What the other one gave and this one does not is gone.",
  },
);

@ObjectType("UserError", {
  simpleResolvers: true,
  description: "Why a change was not carried out, and what to do about it.",
})
export class UserErrorNode {
  @Field(() => UserErrorCode, { description: "Why, for programs." })
  readonly code: string;

  @Field(() => [String], {
    description: 'The path of the input field at fault. Example: `["permissions", "0"]`. Empty when none is.',
  })
  readonly field: readonly string[];

  @Field(() => String, { description: "Why, for people, and what to do." })
  readonly message: string;

  constructor(fault: ChangeFault) {
    this.code = fault.code;
    this.field = fault.field;
    this.message = fault.message;
  }
}
