/** The largest page or batch each call takes: more is refused (400) or silently cut, depending on the call. */
export const pageSizes = {
  /** `POST /wiki/api/v2/users-bulk`. */
  accountsByIds: 250,
  /** `GET /wiki/api/v2/spaces?ids=` and `?keys=`. */
  spacesByIds: 250,
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
} as const;
