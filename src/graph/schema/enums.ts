// Decorators need it before the first of them runs, whichever file is loaded first.
import "reflect-metadata";
import { registerEnumType } from "type-graphql";
import { UpstreamCode } from "../errors/errorCodes.js";

/** What a domain union of words is to GraphQL: the same words, each with its meaning. */
export function defineEnum<Value extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const values = Object.fromEntries(Object.keys(meanings).map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  ) as Record<Value, { description: string }>;
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}

export const Deployment = defineEnum("Deployment", "Where a Confluence runs.", {
  CLOUD: "An Atlassian-hosted site (`https://example.atlassian.net`).",
  DATA_CENTER: "A self-hosted cluster.",
});

export const PermissionModel = defineEnum(
  "PermissionModel",
  "How a site stores space access. Decides which grants can exist and how they are changed.",
  {
    PRE_ROLES: "Granular permissions only: one row for each operation and target. So is every Data Center.",
    ROLES_TRANSITION: "Granular permissions and space roles side by side; together they add up.",
    ROLES: "Space roles; granular rows may remain and still count, but cannot be written.",
    UNKNOWN: "The site answered with a model that this version does not know.",
  },
);

export const SiteCapabilityName = defineEnum("SiteCapabilityName", "Something a site may or may not be able to do.", {
  SPACE_ROLES: "Space access can be held through roles.",
  GRANULAR_SPACE_PERMISSIONS: "Single permissions (operation and target) can be granted and revoked.",
  NESTED_GROUPS: "Groups may contain groups.",
  GLOBAL_PERMISSIONS: "Permissions on the site as a whole are told: who may use it, who administers it.",
  UNLICENSED_GRANTS: "What people without a licence are granted is told.",
  ALL_ACCOUNTS: "All registered accounts are listed. Otherwise search, groups and grants together name them.",
  ACCOUNT_EMAILS: "E-mail addresses are told, unless people hide them.",
  LAST_ACTIVITY: "When an account was last used is told.",
  ACCOUNT_CREATION: "Accounts can be created, or people invited.",
  ACCOUNT_UPDATE: "Names and e-mail addresses of accounts can be changed.",
  ORGANIZATION_FACTS:
    "The Atlassian organization is asked for suspensions, licences, roles, hidden e-mails and last activity.",
  PERSON_NAMES:
    "A directory synchronised by an identity provider gives first and last name, department and external id.",
});

export const AccountKind = defineEnum("AccountKind", "What sort of principal signs in with an account.", {
  HUMAN: "A person. Data Center tells no other kind: accounts that programs sign in with are among them.",
  GUEST: "An external collaborator: a person with access to few spaces and without a full licence.",
  APP: "An app or integration. Apps hold grants too.",
  CUSTOMER: "A customer of a service desk.",
  UNKNOWN: "The site does not say, or uses a word this version does not know: see `kindAsReported`.",
});

export const AccountStatus = defineEnum(
  "AccountStatus",
  "Whether an account can be used. Only an `ACTIVE` account can do anything; the grants of the others remain and are shown.",
  {
    ACTIVE: "Can sign in.",
    INACTIVE: "Switched off in Confluence.",
    SUSPENDED: "Suspended by the organization.",
    DEACTIVATED: "Deactivated by the organization or a directory; on Data Center, disabled.",
    CLOSED: "Deleted; grants may be left over.",
    UNKNOWN: "Nobody who was asked knows the account, or the read failed.",
  },
);

export const AccountStatusSource = defineEnum("AccountStatusSource", "Which system said what the status is.", {
  CONFLUENCE: "Confluence itself.",
  ORGANIZATION: "The Atlassian organization, which knows of suspensions that Confluence does not show.",
  NONE: "Nobody: the account is unknown to every source that was asked, or the read failed.",
});

export const GroupManager = defineEnum("GroupManager", "Who decides about the members of a group.", {
  ADMINS: "Administrators of the organization, site or product.",
  EXTERNAL: "A system outside Atlassian (SCIM, HR): what is changed here would be undone there.",
  TEAM_MEMBERS: "The members themselves.",
  OPEN: "Nobody in particular: people may join.",
  UNKNOWN: "The site does not say, or uses a word this version does not know: see `managedByAsReported`.",
});

export const GroupUsage = defineEnum("GroupUsage", "What a group is for.", {
  USERBASE_GROUP: "A group for access.",
  TEAM_COLLABORATION: "An Atlassian team.",
  UNKNOWN: "The site does not say, or uses a word this version does not know: see `usageAsReported`.",
});

export const SpaceKind = defineEnum("SpaceKind", "What sort of space it is.", {
  GLOBAL: "An ordinary space.",
  PERSONAL: "One person's space; its key begins with `~`.",
  COLLABORATION: "A collaboration space.",
  KNOWLEDGE_BASE: "A knowledge base, usually of a service desk.",
  SYSTEM: "A space that Confluence made for itself.",
  ONBOARDING: "A space that Confluence made to show new people around.",
  SAMPLE: "A sample space.",
  UNKNOWN: "A word this version does not know: see `kindAsReported`.",
});

export const SpaceStatus = defineEnum("SpaceStatus", "Where a space is in its life.", {
  CURRENT: "In use.",
  ARCHIVED: "Archived; its permissions still count.",
  TRASHED: "In the trash; its permissions are stored but give nothing.",
  UNKNOWN: "A word this version does not know: see `statusAsReported`.",
});

/** The statuses a list can be asked for. */
export const SpaceStatusFilter = defineEnum(
  "SpaceStatusFilter",
  "Which spaces to list, by where they are in their life.",
  {
    CURRENT: "Spaces in use.",
    ARCHIVED: "Archived spaces; their permissions still count.",
    TRASHED: "Spaces in the trash; their permissions give nothing.",
  },
);

export const PrincipalKind = defineEnum("PrincipalKind", "What sort of principal holds a grant.", {
  ACCOUNT: "An account: a human, a guest, an app.",
  GROUP: "A group of accounts.",
  ACCESS_CLASS: "A principal that stands for many: anonymous users, all licensed users, a kind to come.",
});

export const EntitlementKind = defineEnum("EntitlementKind", "What sort of thing is granted.", {
  GROUP_MEMBERSHIP: "Membership of a group: of an account, or of a group where groups hold groups.",
  SPACE_PERMISSION: "One granular permission (operation and target) on a space.",
  SPACE_ROLE: "A role on a space.",
  SITE_PERMISSION: "A permission on the site as a whole (Data Center): `use/application`, `create/space`.",
});

export const IrrevocableReason = defineEnum("IrrevocableReason", "Why a grant cannot be revoked through this graph.", {
  GROUP_MANAGED_EXTERNALLY:
    "The group is managed by a system outside Atlassian; a change made here would be undone. Change it there.",
  NESTING_NOT_WRITABLE: "Confluence has no call that takes a group out of a group: change it in the directory.",
  NOT_ADDRESSABLE:
    "The site has no call that names its holder or group: unlicensed users, names with a `/` (Data Center).",
  SITE_WIDE: "Permissions on the site as a whole are changed in its administration.",
  GRANULAR_WRITES_REFUSED:
    "The site is in mode `ROLES`, where Confluence refuses every change of a granular permission.",
});

export const Assumption = defineEnum(
  "Assumption",
  "What an answer takes for granted because nobody can say otherwise. Lists (`completeness`) and decisions name what they rest on alike; a reviewer decides whether that is good enough.",
  {
    SUSPENDED_MEMBERS_HIDDEN:
      "That no suspended person is missing: Cloud leaves people whom the organization suspended out of member lists while they keep their groups, and no organization is configured that would tell who they are.",
    LICENSED: "That the account has a licence, where no source tells.",
    GROUP_GONE:
      "That a group which holds a grant, stands in no group list and cannot be found by its id has no members.",
    NO_SPACE_ROLES:
      "That the site has no space roles: its role mode, its role definitions and the role assignments of a space whose permissions can be read all answered 404.",
    DEFAULT_GROUP:
      "Data Center: that the site puts a new account into the group that it comes with, `confluence-users`. Its directory may be set otherwise, and tells nobody.",
    STALE:
      "That what was read at `asOf` still holds: it is older than answers may become, and the site failed when it was to be read again. It is asked again and again meanwhile; how old such an answer may be is a setting, `STALE_ON_FAILURE_MINUTES`.",
  },
);

registerEnumType(UpstreamCode, {
  name: "UpstreamCode",
  description:
    "Why something could not be read from a site. The same codes stand in `errors[].extensions.code` where a whole field failed.",
  valuesConfig: {
    UPSTREAM_AUTH: { description: "The site rejected our credential, or the credential lacks a scope." },
    UPSTREAM_FORBIDDEN: { description: "The credential may not read this (403)." },
    UPSTREAM_NOT_VISIBLE: { description: "Missing, or hidden from the credential: Confluence answers 404 for both." },
    UPSTREAM_THROTTLED: { description: "The site limits our rate; `retryAfterMs` says when to ask again." },
    UPSTREAM_BUSY: {
      description:
        "Too many of our calls to the site wait for their turn; nothing was sent. `retryAfterMs` says when to ask again.",
    },
    UPSTREAM_UNREACHABLE: { description: "No answer: the connection failed, was reset or timed out." },
    UPSTREAM_FAILED: { description: "The site failed (5xx), repeatedly." },
    UPSTREAM_CONTRACT: { description: "The site answered in a shape that its documentation does not know." },
    UPSTREAM_REJECTED: { description: "The site refused the request as invalid (4xx)." },
    UPSTREAM_MISCONFIGURED: { description: "The configured address or cloud id is wrong." },
    INCOMPLETE: { description: "The list was not read to its end: a cap was reached, or pages repeated themselves." },
    FORBIDDEN: { description: "Whoever asks may not read this site here: the caller lacks a scope." },
    UNSUPPORTED: { description: "This site or version lacks the feature." },
  },
});
