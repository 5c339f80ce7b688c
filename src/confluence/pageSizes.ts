/** The largest page or batch each call takes: more is refused (400) or silently cut, depending on the call. */
export const pageSizes = {
  /** `POST /wiki/api/v2/users-bulk`. */
  accountsByIds: 250,
  /** `GET /wiki/api/v2/spaces?ids=` and `?keys=`. */
  spacesByIds: 250,
  /** What the ids or keys of one such call may come to, as they stand in its address: a longer one is refused on the way. */
  spaceNamesLength: 6_000,
  /** `GET /wiki/api/v2/spaces` and its lists below a space. */
  spaces: 250,
  spacePermissions: 250,
  roleAssignments: 250,
  spaceRoles: 250,
  /** `GET /wiki/rest/api/group` and `…/user/memberof`. */
  groups: 200,
  /** `GET /wiki/rest/api/group/{groupId}/membersByGroupId`: 201 is a 400. */
  groupMembers: 200,
  /** `GET /wiki/rest/api/search/user`. */
  userSearch: 200,
  /** The organization's `users/search`: ids or e-mails in one search, and rows on its pages. */
  organizationUsers: 100,
  /** Data Center clamps what is more without a word: `GET /rest/api/user/list`, `…/users/list/active`, `…/group/{name}/member`. */
  dataCenterUsers: 200,
  /** `GET /rest/api/group`, `…/group/{name}/groupmember`, `…/user/memberof`. */
  dataCenterGroups: 1_000,
  /** `GET /rest/api/space` with `expand`: 500 without. */
  dataCenterSpaces: 200,
  /** Keys in one `GET /rest/api/space?spaceKey=…`, and the length they may come to: a longer address is refused. */
  dataCenterSpaceKeys: 50,
  dataCenterSpaceKeysLength: 4_000,
} as const;
