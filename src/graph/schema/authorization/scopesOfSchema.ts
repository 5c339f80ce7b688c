/** The coordinates of one type by what they need. */
export type ScopesOfType = Partial<Readonly<Record<Need, string>>>;

/** What a coordinate needs: a scope, in short, or none. */
export type Need = "free" | "read" | "personal" | "grant" | "lifecycle" | "change" | "audit";

/**
 * Who may ask for what: every field, argument and input field of the schema, and the scope that it needs. A coordinate that is not here
 * is refused to everybody who does not hold every scope, and fails `test/graph/authorization/walk.test.ts`.
 *
 * `free` needs nothing beyond what led there; `change` needs `grant` or `lifecycle`, and what is taken back decides which. Arguments
 * stand in brackets behind their field, and need what the field needs; one with `:personal` behind it, and an input field
 * under `personal`, needs `read:personal` as well where it is given.
 *
 * What no document tells is decided where it is known: `grant:administration` by what is changed (`provisioning/guards/mandate.ts`),
 * the site by each object.
 */
export const scopesOfSchema: Readonly<Record<string, ScopesOfType>> = {
  Query: {
    read: "checkAccess(input) checkAccesses(inputs) compareAccess(accounts wait first after) previewChanges(changes) accounts(siteId orderBy filter first after) account(id siteId accountId username) grants(siteId filter first after) grant(id) groups(siteId orderBy filter first after) group(id siteId groupId name) identity(email:personal atlassianAccountId) sites site(id siteId) spaces(siteId orderBy filter first after) space(id siteId spaceId key) node(id) nodes(ids) _entities(representations)",
    audit:
      "changes(siteId filter first after) change(id requestId) changeRequest(requestId) recordEntries(siteId afterNumber first)",
    free: "_service",
  },
  Mutation: {
    change: "undo(input)",
    grant:
      "grantSpaceAccess(input) revokeSpaceAccess(input) grantGroupMembership(input) revokeGroupMembership(input) revokeGrants(input) applyAccessChanges(input)",
    lifecycle:
      "provisionAccount(input) suspendAccount(input) restoreAccount(input) removeAccount(input) updateAccount(input) createGroup(input) deleteGroup(input)",
  },

  // What is there.
  AccessClass: { read: "id siteId classId name typeAsReported members(wait first after)" },
  AccessClassMemberConnection: { read: "allowedCount unknownCount edges nodes pageInfo totalCount completeness" },
  AccessClassMemberEdge: { read: "decision cursor node" },
  AccessClassMembership: { read: "accessClass decision reason explanation belongsBy completeness" },
  AccessDecision: {
    read: "permission decision reason assumptions completeness asOf pathCount hasMorePaths explanation licencePaths account space paths(first) ineffective(first)",
  },
  AccessDifference: { read: "permissions space" },
  AccessDifferenceConnection: { read: "edges nodes pageInfo totalCount completeness" },
  AccessDifferenceEdge: { read: "cursor node" },
  AccessEffect: { read: "permissions account space" },
  AccessFinding: {
    read: "findingId kind severity sentence spaceCount grants hasMoreGrants remedy assumptions principals space",
  },
  AccessFindingConnection: { read: "edges nodes pageInfo totalCount completeness unknownKinds" },
  AccessFindingEdge: { read: "cursor node" },
  AccessPath: { read: "grants belongsBy isSuperUser" },
  AccessPreview: { read: "effects accountCount completeness" },
  Account: {
    read: "id siteId accountId username displayName publicName avatarUrl kind kindAsReported status isManaged roles jobTitle statusSource statusAsReported accessClasses effectiveAccess(orderBy wait filter first after) site isLicensed externalId department personalSpace groups(first after) grants(includeInherited wait filter first after)",
    personal: "email givenName familyName lastActiveAt",
  },
  AccountConnection: { read: "edges nodes pageInfo totalCount completeness" },
  AccountEdge: { read: "cursor node" },
  AccountRole: { read: "name resource isOnThisSite" },
  ChangesPreview: { read: "changes userErrors preview(wait)" },
  Completeness: { free: "isComplete gaps isStale asOf assumptions" },
  EffectiveAccountConnection: { read: "allowedCount unknownCount edges nodes pageInfo totalCount completeness" },
  EffectiveAccountEdge: {
    read: "decision permission permissions unknownPermissions mayHoldMore isDirect pathCount paths(first) why cursor node",
  },
  EffectiveSpaceConnection: { read: "allowedCount unknownCount edges nodes pageInfo totalCount completeness" },
  EffectiveSpaceEdge: {
    read: "decision permission permissions unknownPermissions mayHoldMore isDirect pathCount paths(first) why cursor node",
  },
  FindingRemedy: { read: "mutation input" },
  Gap: { free: "missing code reason call retryAfterMs" },
  Grant: { read: "id siteId asOf site principal resource entitlement permissions isRevocable irrevocableReason" },
  GrantConnection: { read: "edges nodes pageInfo totalCount completeness" },
  GrantEdge: { read: "inheritance cursor node" },
  GrantInheritance: { read: "memberships decision" },
  Group: {
    read: "id siteId groupId name managedBy managedByAsReported usage usageAsReported site members(filter first after) memberGroups(first after) allMembers(first after) grants(filter first after)",
  },
  GroupConnection: { read: "edges nodes pageInfo totalCount completeness" },
  GroupEdge: { read: "cursor node" },
  GroupMember: { read: "account path isDirect" },
  GroupMemberConnection: { read: "edges nodes pageInfo totalCount completeness" },
  GroupMemberEdge: { read: "cursor node" },
  GroupMembership: { read: "group" },
  Identity: { personal: "email", read: "atlassianAccountId accounts(first after)" },
  IndexProgress: { read: "done total estimateMs" },
  LeftOut: { read: "spaceKeys personalSpaces permissions" },
  Node: { read: "id" },
  PageInfo: { free: "hasNextPage hasPreviousPage startCursor endCursor" },
  Permission: { read: "operation target" },
  PermissionDifference: { read: "permission allowed denied unknown" },
  PermissionEffect: { read: "permission effect before after explanation" },
  ResidualAccess: { read: "permissions completeness" },
  ResidualPermission: { read: "permission decision explanation paths" },
  Site: {
    read: "id siteId name url deployment isSandbox isProvisioningOn findings(kinds wait first after) index permissionModel capabilities operations superGroup upstreamBudget leftOut spaceRoles(first after) accounts(orderBy filter first after) groups(orderBy filter first after) spaces(orderBy filter first after) grants(filter first after)",
    audit: "record",
  },
  SiteAccessIndex: { read: "state isReadHere progress asOf bytes ttlMs wantedTtlMs quotaShare isComplete gaps" },
  SiteCapability: { read: "name isAvailable reason" },
  SiteOperation: { read: "operation target meaning source isDescribed" },
  SitePermission: { read: "permission" },
  Space: {
    read: "id siteId spaceId key alias name kind kindAsReported status statusAsReported createdAt homepageUrl effectiveAccess(orderBy wait filter first after) holders(filter first after) site createdBy owner grants(filter first after) roleAssignments(first after)",
  },
  SpaceConnection: { read: "edges nodes pageInfo totalCount completeness" },
  SpaceEdge: { read: "cursor node" },
  SpaceHolder: { read: "principal permissions roles grants" },
  SpaceHolderConnection: { read: "edges nodes pageInfo totalCount completeness" },
  SpaceHolderEdge: { read: "cursor node" },
  SpacePermission: { read: "permissionId permission" },
  SpaceRole: { read: "id siteId roleId name description typeAsReported permissions" },
  SpaceRoleAssignment: { read: "role" },
  SpaceRoleConnection: { read: "edges nodes pageInfo totalCount completeness" },
  SpaceRoleEdge: { read: "cursor node" },
  UpstreamBudget: { read: "limit remaining resetAt isNearLimit pausedUntil callsInFlight callsWaiting sharing" },
  UpstreamSharing: { read: "state processes since" },
  UserError: { free: "code field message" },
  _Service: { free: "sdl" },

  // The record of what was changed.
  Change: {
    audit:
      "id changeId action state subject caller requestedBy reason requestId callerRequestId attemptedAt endedAt before after plan outcome fault upstreamStatus undoes partOf attempt result isUndoable notUndoableBecause policy",
    read: "site",
  },
  ChangeConnection: { audit: "edges nodes pageInfo totalCount completeness" },
  ChangeEdge: { audit: "cursor node" },
  ChangeRequest: { audit: "requestId state isFinal changes" },
  ChangeSubject: { audit: "accountId groupId spaceId accessClassId json", read: "account group space" },
  RecordEntries: { audit: "siteId entries checkpoint head" },
  RecordEntry: { audit: "number previousHash hash record writtenAt" },
  RecordPlace: { audit: "number hash" },
  SiteRecord: { audit: "keptIn isDurable head checkpoint" },

  // What became of a change: how it ended is for whoever may ask for it, what is shown with it is read.
  AccessChange: { free: "outcome userErrors plan reach", read: "principal resource grants otherRole residualAccess" },
  AccountInvitation: { personal: "email", free: "status", read: "groups" },
  AccountRemoval: { free: "taskId state percentage message" },
  ApplyAccessChangesPayload: { free: "changes userErrors policy", read: "preview(wait)" },
  CreateGroupPayload: { free: "outcome userErrors plan reach policy", read: "group preview" },
  DeleteGroupPayload: { free: "outcome userErrors plan reach policy", read: "group preview(wait)" },
  GrantGroupMembershipPayload: { free: "changes userErrors policy", read: "preview(wait)" },
  GrantSpaceAccessPayload: {
    free: "outcome userErrors plan reach policy",
    read: "principal resource grants preview(wait) otherRole",
  },
  ProvisionAccountPayload: {
    free: "outcome userErrors plan decidedBy invitation changes generatedPassword reach policy",
    read: "account preview(wait)",
  },
  RemoveAccountPayload: {
    free: "outcome userErrors plan affectedResources removal reach policy",
    read: "account preview(wait)",
  },
  RestoreAccountPayload: {
    free: "outcome userErrors plan affectedResources removal reach policy",
    read: "account preview(wait)",
  },
  RevokeGrantsPayload: { free: "changes userErrors policy", read: "preview(wait)" },
  RevokeGroupMembershipPayload: { free: "changes userErrors policy", read: "preview(wait)" },
  RevokeSpaceAccessPayload: {
    free: "outcome userErrors plan reach policy",
    read: "principal resource grants preview(wait) residualAccess",
  },
  SuspendAccountPayload: {
    free: "outcome userErrors plan affectedResources removal reach policy",
    read: "account preview(wait)",
  },
  UndoPayload: { free: "outcome userErrors plan changes policy", audit: "undone" },
  UpdateAccountPayload: { free: "outcome userErrors plan policy", read: "account" },
  PolicyAnswer: { free: "decision reason" },

  // Inputs.
  AccessChangeInput: {
    free: "grantSpaceAccess revokeSpaceAccess grantGroupMembership revokeGroupMembership revokeGrant",
  },
  AccountAccessInput: { free: "space permissions role onExistingRole" },
  AccountOrder: { free: "field direction" },
  AccountFilter: { free: "kinds statuses text", personal: "emails" },
  ApplyAccessChangesInput: { free: "reason requestId changes acknowledgeAdministration dryRun" },
  ChangeFilter: { free: "sites actions callerRequestId subject since until" },
  CheckAccessInput: { free: "account accountId username space spaceKey siteId permission consistency" },
  CreateGroupInput: { free: "reason requestId siteId name dryRun" },
  DeleteGroupInput: { free: "reason requestId group acknowledgeOrganizationWide acknowledgeAdministration dryRun" },
  EffectiveAccountFilter: { free: "permissions decision viaGroup isDirect kinds statuses text" },
  EffectiveAccountOrder: { free: "field direction" },
  EffectiveSpaceFilter: { free: "permissions decision viaGroup isDirect kinds statuses text" },
  EffectiveSpaceOrder: { free: "field direction" },
  GrantFilter: { free: "principals principalKinds spaces groups entitlements operations targets roles" },
  GrantGroupMembershipInput: { free: "reason requestId group accounts acknowledgeAdministration dryRun" },
  GrantSpaceAccessInput: {
    free: "reason requestId space principal accessClassId permissions role onExistingRole acknowledgeAdministration dryRun",
  },
  GroupOrder: { free: "field direction" },
  GroupFilter: { free: "text managedBy usages" },
  MembershipInput: { free: "reason requestId group account" },
  PermissionInput: { free: "operation target" },
  ProvisionAccountInput: {
    free: "reason requestId siteId givenName familyName displayName username password generatePassword groups access productRole sendNotification notificationText acknowledgeAdministration dryRun",
    personal: "email",
  },
  RemoveAccountInput: { free: "reason requestId account acknowledgeOrganizationWide dryRun acknowledgeAdministration" },
  RestoreAccountInput: { free: "reason requestId account acknowledgeOrganizationWide dryRun" },
  RevokeGrantsInput: { free: "reason requestId grants acknowledgeAdministration dryRun" },
  RevokeGroupMembershipInput: { free: "reason requestId group accounts acknowledgeAdministration dryRun" },
  RevokeSpaceAccessInput: { free: "reason requestId space principal accessClassId permissions role dryRun" },
  SpaceAccessInput: { free: "reason requestId space principal accessClassId permissions role" },
  SpaceOrder: { free: "field direction" },
  SpaceFilter: { free: "kinds statuses keys text" },
  SpaceGrantInput: { free: "reason requestId space principal accessClassId permissions role onExistingRole" },
  SuspendAccountInput: {
    free: "reason requestId account acknowledgeOrganizationWide dryRun acknowledgeAdministration",
  },
  UndoInput: { free: "reason requestId change acknowledgeOrganizationWide acknowledgeAdministration dryRun" },
  UpdateAccountInput: { free: "reason requestId account displayName dryRun", personal: "email" },
};
