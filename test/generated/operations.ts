// Made by `npm run codegen` from schema.graphql and the operations that codegen.ts names.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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

/** What sort of thing is granted. */
export type EntitlementKind =
  /** Membership of a group: of an account, or of a group where groups hold groups. */
  | 'GROUP_MEMBERSHIP'
  /** One granular permission (operation and target) on a space. */
  | 'SPACE_PERMISSION'
  /** A role on a space. */
  | 'SPACE_ROLE'
  /** A permission on the site as a whole (Data Center): `use/application`, `create/space`. */
  | 'SITE_PERMISSION'
  | '%future added value';

/** Which grants to list. Every part given must fit; within a part, any value may. */
export type GrantFilter = {
  /** Held directly by one of these principals: ids of an Account, Group or AccessClass. */
  readonly principals?: ReadonlyArray<string> | null | undefined;
  /** Held by a principal of one of these kinds. */
  readonly principalKinds?: ReadonlyArray<PrincipalKind> | null | undefined;
  /** On one of these spaces (ids of a Space), or on one of `groups`. One that no visible space has is a gap. */
  readonly spaces?: ReadonlyArray<string> | null | undefined;
  /** Membership of one of these groups (ids of a Group), or a grant on one of `spaces`. */
  readonly groups?: ReadonlyArray<string> | null | undefined;
  /** Of these kinds. Example: `[SPACE_ROLE]`. */
  readonly entitlements?: ReadonlyArray<EntitlementKind> | null | undefined;
  /** Giving one of these operations, by a granular permission or through a role; in any letter case. With `targets`, on one of those targets. One that is not known and that nothing read for the query holds is refused: `Site.operations` lists the known. Example: `["administer"]`. */
  readonly operations?: ReadonlyArray<string> | null | undefined;
  /** Giving something on one of these targets, in any letter case; what is not known is refused as with `operations`. Example: `["space"]`. */
  readonly targets?: ReadonlyArray<string> | null | undefined;
  /** Assigning one of these roles (ids of a SpaceRole). */
  readonly roles?: ReadonlyArray<string> | null | undefined;
};

/** Who decides about the members of a group. */
export type GroupManager =
  /** Administrators of the organization, site or product. */
  | 'ADMINS'
  /** A system outside Atlassian (SCIM, HR): what is changed here would be undone there. */
  | 'EXTERNAL'
  /** The members themselves. */
  | 'TEAM_MEMBERS'
  /** Nobody in particular: people may join. */
  | 'OPEN'
  /** The site does not say, or uses a word this version does not know: see `managedByAsReported`. */
  | 'UNKNOWN'
  | '%future added value';

/** What sort of principal holds a grant. */
export type PrincipalKind =
  /** An account: a human, a guest, an app. */
  | 'ACCOUNT'
  /** A group of accounts. */
  | 'GROUP'
  /** A principal that stands for many: anonymous users, all licensed users, a kind to come. */
  | 'ACCESS_CLASS'
  | '%future added value';

/** Where a space is in its life. */
export type SpaceStatus =
  /** In use. */
  | 'CURRENT'
  /** Archived; its permissions still count. */
  | 'ARCHIVED'
  /** In the trash; its permissions are stored but give nothing. */
  | 'TRASHED'
  /** A word this version does not know: see `statusAsReported`. */
  | 'UNKNOWN'
  | '%future added value';

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

export type AccountAccessQueryVariables = Exact<{
  siteId?: string | null | undefined;
  accountId: string;
}>;


export type AccountAccessQuery = { readonly account: { readonly displayName: string | null, readonly email: string | null, readonly status: AccountStatus, readonly groups: { readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly nodes: ReadonlyArray<{ readonly name: string | null }> | null }, readonly grants: { readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly nodes: ReadonlyArray<{ readonly resource:
          | { readonly key: string | null, readonly name: string | null }
          | Record<PropertyKey, never>
        , readonly entitlement:
          | { readonly __typename: 'GroupMembership' }
          | { readonly __typename: 'SpacePermission', readonly permission: { readonly operation: string, readonly target: string } }
          | { readonly __typename: 'SpaceRoleAssignment', readonly role: { readonly name: string | null } }
          | { readonly __typename: 'SitePermission' }
         }> | null } } | null };

export type FindAccountsQueryVariables = Exact<{
  text: string;
  kinds?: ReadonlyArray<AccountKind> | AccountKind | null | undefined;
  first?: number;
}>;


export type FindAccountsQuery = { readonly accounts: { readonly totalCount: number | null, readonly nodes: ReadonlyArray<{ readonly id: string, readonly siteId: string, readonly accountId: string, readonly displayName: string | null, readonly kind: AccountKind, readonly status: AccountStatus }> | null } | null };

type PrincipalName_Account_Fragment = { readonly __typename: 'Account', readonly accountId: string, readonly displayName: string | null, readonly kind: AccountKind, readonly status: AccountStatus };

type PrincipalName_Group_Fragment = { readonly __typename: 'Group', readonly groupId: string, readonly name: string | null, readonly managedBy: GroupManager };

type PrincipalName_AccessClass_Fragment = { readonly __typename: 'AccessClass', readonly classId: string, readonly className: string | null };

export type PrincipalNameFragment =
  | PrincipalName_Account_Fragment
  | PrincipalName_Group_Fragment
  | PrincipalName_AccessClass_Fragment
;

export type SpaceAccessQueryVariables = Exact<{
  siteId?: string | null | undefined;
  key: string;
  first?: number;
  after?: string | null | undefined;
  filter?: GrantFilter | null | undefined;
}>;


export type SpaceAccessQuery = { readonly space: { readonly id: string, readonly name: string | null, readonly status: SpaceStatus, readonly grants: { readonly totalCount: number | null, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly completeness: { readonly isComplete: boolean, readonly asOf: string, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly isRevocable: boolean | null, readonly permissions: ReadonlyArray<{ readonly operation: string, readonly target: string }> | null, readonly principal:
          | { readonly __typename: 'Account', readonly accountId: string, readonly displayName: string | null, readonly kind: AccountKind, readonly status: AccountStatus }
          | { readonly __typename: 'Group', readonly groupId: string, readonly name: string | null, readonly managedBy: GroupManager }
          | { readonly __typename: 'AccessClass', readonly classId: string, readonly className: string | null }
         }> | null } } | null };

export type TrustFragment = { readonly isComplete: boolean, readonly asOf: string, readonly gaps: ReadonlyArray<{ readonly missing: string, readonly code: UpstreamCode, readonly reason: string, readonly retryAfterMs: number | null }> };
