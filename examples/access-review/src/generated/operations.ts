// Made by `npm run codegen` from schema.graphql and the operations that codegen.ts names.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** One change among several. Give exactly one of its fields. */
export type AccessChangeInput = {
  /** Grants access to a space. */
  readonly grantSpaceAccess?: SpaceGrantInput | null | undefined;
  /** Revokes access to a space. */
  readonly revokeSpaceAccess?: SpaceAccessInput | null | undefined;
  /** Makes an account a member of a group. */
  readonly grantGroupMembership?: MembershipInput | null | undefined;
  /** Ends an account's membership of a group. */
  readonly revokeGroupMembership?: MembershipInput | null | undefined;
  /** Revokes the Grant of this `id`. See `RevokeGrantsInput.grants` for what an id names. */
  readonly revokeGrant?: string | null | undefined;
};

/** What becomes of a permission of an account. */
export type AccessEffectKind =
  /** It could not do this, and then it can. */
  | 'GAINED'
  /** It can do this, and then it cannot. */
  | 'LOST'
  /** Perhaps: whether it could before, or can then, is not known. */
  | 'MAY_GAIN'
  /** Perhaps: whether it can now, or still can then, is not known. */
  | 'MAY_LOSE'
  | '%future added value';

/** Whether an account surely has a permission. */
export type AccessVerdict =
  /** Known facts suffice, whatever else is missing. */
  | 'ALLOWED'
  /** Something that could not be read stands in the way of saying so. */
  | 'UNKNOWN'
  | '%future added value';

/** What sort of principal signs in with an account. */
export type AccountKind =
  /** A person. Data Center tells no other kind: accounts that programs sign in with are among them. */
  | 'HUMAN'
  /** An external collaborator: a person with access to few spaces and without a full licence. */
  | 'GUEST'
  /** An app or integration. Apps hold grants too. */
  | 'APP'
  /** A customer of a service desk. */
  | 'CUSTOMER'
  /** The site does not say, or uses a word this version does not know: see `kindAsReported`. */
  | 'UNKNOWN'
  | '%future added value';

/** Whether an account can be used. Only an `ACTIVE` account can do anything; the grants of the others remain and are shown. */
export type AccountStatus =
  /** Can sign in. */
  | 'ACTIVE'
  /** Switched off in Confluence. */
  | 'INACTIVE'
  /** Suspended by the organization. */
  | 'SUSPENDED'
  /** Deactivated by the organization or a directory; on Data Center, disabled. */
  | 'DEACTIVATED'
  /** Deleted; grants may be left over. */
  | 'CLOSED'
  /** Nobody who was asked knows the account, or the read failed. */
  | 'UNKNOWN'
  | '%future added value';

/** Several changes in one request. */
export type ApplyAccessChangesInput = {
  /** Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`. */
  readonly reason?: string | null | undefined;
  /** The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`. */
  readonly requestId?: string | null | undefined;
  /** 1 to 200 changes. Those about the same principal in the same space or group happen in this order, others side by side; one that fails leaves the others alone. */
  readonly changes: ReadonlyArray<AccessChangeInput>;
  /** True to say that it may give or take administration beyond one space or one person: a product role beyond user and guest, the super group of a Data Center site, administration for everybody, and a membership or a group whose end leaves a space without an active person who administers it (`LAST_ADMINISTRATOR` without it). Without it such a change answers `ACKNOWLEDGEMENT_REQUIRED` and nothing is written; a dry run shows it and its `reach`. */
  readonly acknowledgeAdministration?: boolean;
  /** True to plan only: the same checks and the same plan as the real run, and no write. */
  readonly dryRun?: boolean;
};

/** What an answer takes for granted because nobody can say otherwise. Lists (`completeness`) and decisions name what they rest on alike; a reviewer decides whether that is good enough. */
export type Assumption =
  /** That no suspended person is missing: Cloud leaves people whom the organization suspended out of member lists while they keep their groups, and no organization is configured that would tell who they are. */
  | 'SUSPENDED_MEMBERS_HIDDEN'
  /** That the account has a licence, where no source tells. */
  | 'LICENSED'
  /** That a group which holds a grant, stands in no group list and cannot be found by its id has no members. */
  | 'GROUP_GONE'
  /** That the site has no space roles: its role mode, its role definitions and the role assignments of a space whose permissions can be read all answered 404. */
  | 'NO_SPACE_ROLES'
  /** Data Center: that the site puts a new account into the group that it comes with, `confluence-users`. Its directory may be set otherwise, and tells nobody. */
  | 'DEFAULT_GROUP'
  /** That what was read at `asOf` still holds: it is older than answers may become, and the site failed when it was to be read again. It is asked again and again meanwhile; how old such an answer may be is a setting, `STALE_ON_FAILURE_MINUTES`. */
  | 'STALE'
  | '%future added value';

/** How a change ended, by what was read back afterwards and not by what was sent. */
export type ChangeOutcome =
  /** It was not there; now it is. */
  | 'CREATED'
  /** It was there already: nothing was written. */
  | 'ALREADY_EXISTS'
  /** Something else was there in its place, which it replaced. */
  | 'REPLACED'
  /** Something else is there in its place and was left, as asked: nothing was written. */
  | 'KEPT'
  /** It was there; now it is not. */
  | 'REMOVED'
  /** It was not there: nothing was written. */
  | 'NOT_PRESENT'
  /** It is there by way of something else alone, such as a child group, and cannot be taken away here. Nothing was written where that was told beforehand; some Data Center directories list the members of child groups too, and there the account is taken out of the group first. */
  | 'INHERITED'
  /** It was accepted and is still under way. Repeat the call to learn how it ended: nothing is sent twice. */
  | 'STARTED'
  /** A dry run: nothing was written. `plan` says what would be. */
  | 'PLANNED'
  /** It was not carried out: `userErrors` say why. */
  | 'FAILED'
  | '%future added value';

/** How far a change goes beyond what it names. */
export type ChangeReach =
  /** To every product and site of the organization. Asks for `acknowledgeOrganizationWide`. */
  | 'ORGANIZATION_WIDE'
  /** To the administration of the site, a product, or a space by everybody. Asks for `acknowledgeAdministration`. */
  | 'ADMINISTRATION'
  /** To everybody who has an account, or to anybody at all. */
  | 'EVERYONE'
  | '%future added value';

/** Which of those who can. Every part given must fit; within a part, any value may. */
export type EffectiveAccountFilter = {
  /** Having any of these permissions, named in any letter case. Default: `read/space`, without which there is nothing. One that is not known and that nothing on the site gives is refused: `Site.operations` lists the known. Example: `[{ operation: "administer", target: "space" }]`. */
  readonly permissions?: ReadonlyArray<PermissionInput> | null | undefined;
  /** Only where it is certain, or only where nobody knows. Default: both. */
  readonly decision?: AccessVerdict | null | undefined;
  /** Only where it comes by membership of this group (the `id` of a Group): the group holds the grant, or is in a group that does. */
  readonly viaGroup?: string | null | undefined;
  /** True: only where it is granted to the account itself. False: only where it is not. */
  readonly isDirect?: boolean | null | undefined;
  /** Accounts of these kinds. Example: `[GUEST]`. */
  readonly kinds?: ReadonlyArray<AccountKind> | null | undefined;
  /** With one of these statuses: only `ACTIVE` and `UNKNOWN` ones can do anything. */
  readonly statuses?: ReadonlyArray<AccountStatus> | null | undefined;
  /** Whose display name or account id holds this text, whatever its case. */
  readonly text?: string | null | undefined;
};

/** How the access index of a site stands. */
export type IndexState =
  /** Nobody has asked for it yet: the first question that needs it begins to read. */
  | 'EMPTY'
  /** It is read for the first time. Questions are answered from what is there, and say what is missing. */
  | 'CRAWLING'
  /** It was read. */
  | 'READY'
  /** Parts of it are read again; until then they are served as they were. */
  | 'REFRESHING'
  | '%future added value';

/** Why a grant cannot be revoked through this graph. */
export type IrrevocableReason =
  /** The group is managed by a system outside Atlassian; a change made here would be undone. Change it there. */
  | 'GROUP_MANAGED_EXTERNALLY'
  /** Confluence has no call that takes a group out of a group: change it in the directory. */
  | 'NESTING_NOT_WRITABLE'
  /** The site has no call that names its holder or group: unlicensed users, names with a `/` (Data Center). */
  | 'NOT_ADDRESSABLE'
  /** Permissions on the site as a whole are changed in its administration. */
  | 'SITE_WIDE'
  /** The site is in mode `ROLES`, where Confluence refuses every change of a granular permission. */
  | 'GRANULAR_WRITES_REFUSED'
  | '%future added value';

/** Membership of one account in one group. */
export type MembershipInput = {
  /** Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`. */
  readonly reason?: string | null | undefined;
  /** The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`. */
  readonly requestId?: string | null | undefined;
  /** The `id` of a Group. */
  readonly group: string;
  /** The `id` of an Account of the same site. */
  readonly account: string;
};

/** What happens where a role is to be granted to somebody who holds another one in the space. */
export type OnExistingRole =
  /** Nothing is written: `OTHER_ROLE_HELD`. */
  | 'REFUSE'
  /** The other one stays: nothing is written, and the outcome is `KEPT`. */
  | 'KEEP'
  /** The new one takes its place. What the other one gave and this one does not is gone. */
  | 'REPLACE'
  | '%future added value';

/** One granular permission: what may be done, and on what. */
export type PermissionInput = {
  /** What may be done. Example: `read`, `create`, `administer`. */
  readonly operation: string;
  /** On what. Example: `space`, `page`. */
  readonly target: string;
};

/** Access of one principal to one space: single permissions, or a role. */
export type SpaceAccessInput = {
  /** Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`. */
  readonly reason?: string | null | undefined;
  /** The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`. */
  readonly requestId?: string | null | undefined;
  /** The `id` of a Space. */
  readonly space: string;
  /** The `id` of the Account, Group or AccessClass. Give this or `accessClassId`. */
  readonly principal?: string | null | undefined;
  /** An access class by its own `classId`, in place of `principal`. Example: `all-licensed-users`. */
  readonly accessClassId?: string | null | undefined;
  /** Single permissions. `read` on `space` is granted first where it is missing, because Confluence asks for it. Revoking it takes everything else of the principal away on Cloud; on Data Center the rest stays, held in vain. Give these or `role`. */
  readonly permissions?: ReadonlyArray<PermissionInput> | null | undefined;
  /** The `id` of a SpaceRole. A principal has one role at most in a space: see `onExistingRole`. */
  readonly role?: string | null | undefined;
};

/** Access that one principal is to get to one space: single permissions, or a role. */
export type SpaceGrantInput = {
  /** Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`. */
  readonly reason?: string | null | undefined;
  /** The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`. */
  readonly requestId?: string | null | undefined;
  /** The `id` of a Space. */
  readonly space: string;
  /** The `id` of the Account, Group or AccessClass. Give this or `accessClassId`. */
  readonly principal?: string | null | undefined;
  /** An access class by its own `classId`, in place of `principal`. Example: `all-licensed-users`. */
  readonly accessClassId?: string | null | undefined;
  /** Single permissions. `read` on `space` is granted first where it is missing, because Confluence asks for it. Revoking it takes everything else of the principal away on Cloud; on Data Center the rest stays, held in vain. Give these or `role`. */
  readonly permissions?: ReadonlyArray<PermissionInput> | null | undefined;
  /** The `id` of a SpaceRole. A principal has one role at most in a space: see `onExistingRole`. */
  readonly role?: string | null | undefined;
  /** With `role`: what happens where the principal holds another role there. It can have one at most. */
  readonly onExistingRole?: OnExistingRole;
};

/** Why something could not be read from a site. The same codes stand in `errors[].extensions.code` where a whole field failed. */
export type UpstreamCode =
  /** The site rejected our credential, or the credential lacks a scope. */
  | 'UPSTREAM_AUTH'
  /** The credential may not read this (403). */
  | 'UPSTREAM_FORBIDDEN'
  /** Missing, or hidden from the credential: Confluence answers 404 for both. */
  | 'UPSTREAM_NOT_VISIBLE'
  /** The site limits our rate; `retryAfterMs` says when to ask again. */
  | 'UPSTREAM_THROTTLED'
  /** Too many of our calls to the site wait for their turn; nothing was sent. `retryAfterMs` says when to ask again. */
  | 'UPSTREAM_BUSY'
  /** No answer: the connection failed, was reset or timed out. */
  | 'UPSTREAM_UNREACHABLE'
  /** The site failed (5xx), repeatedly. */
  | 'UPSTREAM_FAILED'
  /** The site answered in a shape that its documentation does not know. */
  | 'UPSTREAM_CONTRACT'
  /** The site refused the request as invalid (4xx). */
  | 'UPSTREAM_REJECTED'
  /** The configured address or cloud id is wrong. */
  | 'UPSTREAM_MISCONFIGURED'
  /** The list was not read to its end: a cap was reached, or pages repeated themselves. */
  | 'INCOMPLETE'
  /** Whoever asks may not read this site here: the caller lacks a scope. */
  | 'FORBIDDEN'
  /** This site or version lacks the feature. */
  | 'UNSUPPORTED'
  | '%future added value';

/** Why a change was not carried out, for programs. */
export type UserErrorCode =
  /** Changes are switched off for this site. */
  | 'PROVISIONING_DISABLED'
  /** The input cannot be used: a malformed id, an empty list, two things where one is asked for. */
  | 'INVALID_INPUT'
  /** More changes than one request may hold. */
  | 'TOO_MANY_CHANGES'
  /** The site knows no such account, group or access class. */
  | 'PRINCIPAL_NOT_FOUND'
  /** No such space, or it is hidden or in the trash. */
  | 'SPACE_NOT_FOUND'
  /** No such group. */
  | 'GROUP_NOT_FOUND'
  /** The site has no such role. */
  | 'ROLE_NOT_FOUND'
  /** The principal holds another role in the space, and a principal has one at most: say what is to happen by `onExistingRole`. */
  | 'OTHER_ROLE_HELD'
  /** The id of the grant cannot be read. */
  | 'GRANT_NOT_FOUND'
  /** The site knows no such account. */
  | 'ACCOUNT_NOT_FOUND'
  /** The person has not accepted the invitation: repeat the call when the account exists. */
  | 'ACCOUNT_PENDING'
  /** Confluence has no such pair of operation and target to grant. */
  | 'UNKNOWN_PERMISSION'
  /** The permission exists but cannot be written. */
  | 'PERMISSION_NOT_WRITABLE'
  /** The site knows roles only; the message names the smallest role that fits. */
  | 'GRANULAR_ON_ROLES_SITE'
  /** The site has no roles. */
  | 'ROLES_NOT_AVAILABLE'
  /** Confluence takes this sort of access for other principals only. */
  | 'PRINCIPAL_NOT_SUPPORTED'
  /** A system outside Atlassian manages the group. */
  | 'GROUP_MANAGED_EXTERNALLY'
  /** The account or group is of a directory that Confluence may only read (LDAP, Crowd): change it there. */
  | 'DIRECTORY_READ_ONLY'
  /** It is the account that this service signs in with: it would lock itself out. */
  | 'OWN_ACCOUNT'
  /** The space would be left without an administrator. */
  | 'LAST_ADMINISTRATOR'
  /** The grant cannot be revoked here. */
  | 'NOT_REVOCABLE'
  /** The change reaches further than what was asked for and must be asked for by itself: every product of the organization, an account that was suspended, or administration beyond one space or one person. */
  | 'ACKNOWLEDGEMENT_REQUIRED'
  /** This site or its configuration lacks what the change needs. */
  | 'UNSUPPORTED'
  /** What is there could not be read, before or after: nothing is claimed. */
  | 'STATE_UNKNOWN'
  /** The answer was lost and the change was found not to be carried out: it is safe to repeat. */
  | 'ANSWER_LOST'
  /** Confluence refused; the message says why. */
  | 'UPSTREAM_REFUSED'
  /** Confluence could not be reached or failed. */
  | 'UPSTREAM_UNAVAILABLE'
  /** The record of changes cannot be read or written. */
  | 'AUDIT_UNAVAILABLE'
  /** The caller lacks a scope on this site, or `grant:administration` for what is administration. */
  | 'FORBIDDEN'
  /** It would give the caller's own account a permission, a role or a membership that it does not hold. */
  | 'OWN_ACCESS'
  /** The policy denies it; the message gives its reason. */
  | 'POLICY_DENIED'
  /** The policy could not be asked, or gave no answer that can be used: nothing was changed. */
  | 'POLICY_UNAVAILABLE'
  /** What is there changed while the policy was asked, so that it allowed something else: ask again. */
  | 'POLICY_OUTDATED'
  /** A call with the same `requestId` is under way: ask again in a moment. */
  | 'IN_PROGRESS'
  /** The `requestId` was used for another input. */
  | 'REQUEST_ID_REUSED'
  | '%future added value';

export type ApplyChangesMutationVariables = Exact<{
  input: ApplyAccessChangesInput;
}>;


export type ApplyChangesMutation = { readonly applyAccessChanges: { readonly userErrors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string }>, readonly changes: ReadonlyArray<{ readonly outcome: ChangeOutcome, readonly plan: ReadonlyArray<string>, readonly reach: ReadonlyArray<ChangeReach>, readonly userErrors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string }> }>, readonly preview: { readonly accountCount: number, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly effects: ReadonlyArray<{ readonly account: { readonly id: string, readonly accountId: string, readonly displayName: string | null } | null, readonly space: { readonly id: string, readonly key: string | null, readonly name: string | null }, readonly permissions: ReadonlyArray<{ readonly effect: AccessEffectKind, readonly permission: { readonly operation: string, readonly target: string } }> }> } | null } | null };

export type FaultFragment = { readonly code: UserErrorCode, readonly message: string };

export type IndexProgressQueryVariables = Exact<{
  site: string;
}>;


export type IndexProgressQuery = { readonly site: { readonly id: string, readonly index: { readonly state: IndexState, readonly progress: { readonly done: number, readonly total: number | null, readonly estimateMs: number | null } } } | null };

export type ReviewQueryVariables = Exact<{
  space: string;
  first: number;
  after?: string | null | undefined;
  filter?: EffectiveAccountFilter | null | undefined;
}>;


export type ReviewQuery = { readonly space: { readonly id: string, readonly key: string | null, readonly name: string | null, readonly site: { readonly id: string, readonly name: string | null }, readonly effectiveAccess: { readonly allowedCount: number, readonly unknownCount: number, readonly totalCount: number | null, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly decision: AccessVerdict, readonly mayHoldMore: boolean, readonly pathCount: number, readonly permissions: ReadonlyArray<{ readonly operation: string, readonly target: string }>, readonly unknownPermissions: ReadonlyArray<{ readonly operation: string, readonly target: string }>, readonly paths: ReadonlyArray<{ readonly isSuperUser: boolean, readonly grants: ReadonlyArray<{ readonly id: string, readonly isRevocable: boolean | null, readonly irrevocableReason: IrrevocableReason | null, readonly principal:
              | { readonly __typename: 'Account', readonly id: string }
              | { readonly __typename: 'Group', readonly id: string, readonly groupId: string, readonly name: string | null }
              | { readonly __typename: 'AccessClass', readonly id: string, readonly classId: string, readonly name: string | null }
            , readonly entitlement:
              | { readonly __typename: 'GroupMembership', readonly group: { readonly id: string, readonly groupId: string, readonly name: string | null } }
              | { readonly __typename: 'SpacePermission', readonly permission: { readonly operation: string, readonly target: string } }
              | { readonly __typename: 'SpaceRoleAssignment', readonly role: { readonly id: string, readonly name: string | null } }
              | { readonly __typename: 'SitePermission' }
             }> }>, readonly why: { readonly explanation: string, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> } }, readonly node: { readonly id: string, readonly displayName: string | null, readonly accountId: string, readonly kind: AccountKind, readonly status: AccountStatus } }> | null } } | null };

export type PersonFragment = { readonly cursor: string, readonly decision: AccessVerdict, readonly mayHoldMore: boolean, readonly pathCount: number, readonly permissions: ReadonlyArray<{ readonly operation: string, readonly target: string }>, readonly unknownPermissions: ReadonlyArray<{ readonly operation: string, readonly target: string }>, readonly paths: ReadonlyArray<{ readonly isSuperUser: boolean, readonly grants: ReadonlyArray<{ readonly id: string, readonly isRevocable: boolean | null, readonly irrevocableReason: IrrevocableReason | null, readonly principal:
        | { readonly __typename: 'Account', readonly id: string }
        | { readonly __typename: 'Group', readonly id: string, readonly groupId: string, readonly name: string | null }
        | { readonly __typename: 'AccessClass', readonly id: string, readonly classId: string, readonly name: string | null }
      , readonly entitlement:
        | { readonly __typename: 'GroupMembership', readonly group: { readonly id: string, readonly groupId: string, readonly name: string | null } }
        | { readonly __typename: 'SpacePermission', readonly permission: { readonly operation: string, readonly target: string } }
        | { readonly __typename: 'SpaceRoleAssignment', readonly role: { readonly id: string, readonly name: string | null } }
        | { readonly __typename: 'SitePermission' }
       }> }>, readonly why: { readonly explanation: string, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> } }, readonly node: { readonly id: string, readonly displayName: string | null, readonly accountId: string, readonly kind: AccountKind, readonly status: AccountStatus } };

export type StepFragment = { readonly id: string, readonly isRevocable: boolean | null, readonly irrevocableReason: IrrevocableReason | null, readonly principal:
    | { readonly __typename: 'Account', readonly id: string }
    | { readonly __typename: 'Group', readonly id: string, readonly groupId: string, readonly name: string | null }
    | { readonly __typename: 'AccessClass', readonly id: string, readonly classId: string, readonly name: string | null }
  , readonly entitlement:
    | { readonly __typename: 'GroupMembership', readonly group: { readonly id: string, readonly groupId: string, readonly name: string | null } }
    | { readonly __typename: 'SpacePermission', readonly permission: { readonly operation: string, readonly target: string } }
    | { readonly __typename: 'SpaceRoleAssignment', readonly role: { readonly id: string, readonly name: string | null } }
    | { readonly __typename: 'SitePermission' }
   };

export type SpacesQueryVariables = Exact<{
  text?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type SpacesQuery = { readonly spaces: { readonly totalCount: number | null, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly key: string | null, readonly name: string | null, readonly site: { readonly id: string, readonly name: string | null } } }> | null } | null };

export type TrustFragment = { readonly isComplete: boolean, readonly asOf: string, readonly assumptions: ReadonlyArray<Assumption>, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> };

export const FaultFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Fault"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<FaultFragment, unknown>;
export const StepFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Step"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Grant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"isRevocable"}},{"kind":"Field","name":{"kind":"Name","value":"irrevocableReason"}},{"kind":"Field","name":{"kind":"Name","value":"principal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Group"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessClass"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"classId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"entitlement"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GroupMembership"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpaceRoleAssignment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpacePermission"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"permission"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}}]}}]}}]}}]} as unknown as DocumentNode<StepFragment, unknown>;
export const TrustFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Trust"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Completeness"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isComplete"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"assumptions"}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]} as unknown as DocumentNode<TrustFragment, unknown>;
export const PersonFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Person"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EffectiveAccountEdge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"decision"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unknownPermissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mayHoldMore"}},{"kind":"Field","name":{"kind":"Name","value":"pathCount"}},{"kind":"Field","name":{"kind":"Name","value":"paths"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isSuperUser"}},{"kind":"Field","name":{"kind":"Name","value":"grants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Step"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"why"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Trust"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Step"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Grant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"isRevocable"}},{"kind":"Field","name":{"kind":"Name","value":"irrevocableReason"}},{"kind":"Field","name":{"kind":"Name","value":"principal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Group"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessClass"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"classId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"entitlement"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GroupMembership"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpaceRoleAssignment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpacePermission"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"permission"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Trust"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Completeness"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isComplete"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"assumptions"}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]} as unknown as DocumentNode<PersonFragment, unknown>;
export const ApplyChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApplyChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ApplyAccessChangesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"applyAccessChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Fault"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"reach"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Fault"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountCount"}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Trust"}}]}},{"kind":"Field","name":{"kind":"Name","value":"effects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"space"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"permissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"effect"}},{"kind":"Field","name":{"kind":"Name","value":"permission"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Fault"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Trust"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Completeness"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isComplete"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"assumptions"}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]} as unknown as DocumentNode<ApplyChangesMutation, ApplyChangesMutationVariables>;
export const IndexProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"IndexProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"site"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"site"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"site"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"index"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"estimateMs"}}]}}]}}]}}]}}]} as unknown as DocumentNode<IndexProgressQuery, IndexProgressQueryVariables>;
export const ReviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Review"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"space"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"EffectiveAccountFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"space"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"space"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"site"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAccess"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"DISPLAY_NAME"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"wait"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowedCount"}},{"kind":"Field","name":{"kind":"Name","value":"unknownCount"}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Trust"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Person"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Step"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Grant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"isRevocable"}},{"kind":"Field","name":{"kind":"Name","value":"irrevocableReason"}},{"kind":"Field","name":{"kind":"Name","value":"principal"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Account"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Group"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessClass"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"classId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"entitlement"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GroupMembership"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groupId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpaceRoleAssignment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SpacePermission"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"permission"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Trust"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Completeness"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isComplete"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"assumptions"}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Person"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EffectiveAccountEdge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"decision"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unknownPermissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"target"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mayHoldMore"}},{"kind":"Field","name":{"kind":"Name","value":"pathCount"}},{"kind":"Field","name":{"kind":"Name","value":"paths"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isSuperUser"}},{"kind":"Field","name":{"kind":"Name","value":"grants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Step"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"why"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Trust"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]} as unknown as DocumentNode<ReviewQuery, ReviewQueryVariables>;
export const SpacesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Spaces"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"text"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"spaces"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"Variable","name":{"kind":"Name","value":"text"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Trust"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"site"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Trust"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Completeness"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isComplete"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"assumptions"}},{"kind":"Field","name":{"kind":"Name","value":"gaps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]} as unknown as DocumentNode<SpacesQuery, SpacesQueryVariables>;
