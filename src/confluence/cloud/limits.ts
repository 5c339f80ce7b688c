import { batchSizes } from "../limits.js";

/** The largest page or batch each call takes, and where lists end: more is refused (400) or silently cut, depending on the call. */
export const cloudLimits = {
  /** `POST /wiki/api/v2/users-bulk`. */
  accountsByIds: batchSizes.accounts,
  /** `GET /wiki/api/v2/spaces?ids=` and `?keys=`. */
  spacesByIds: batchSizes.spaces,
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
  /** Rows near which user search ends whatever there is. Confluence states "up to 10k users". */
  userSearchCap: 10_000,
  /** How many of the spaces that are listed first are tried for one whose permissions can be read, where the role mode is not shown. */
  spacesTriedForMode: 5,
  /** Calls for access tokens under way at once. They have a limit of their own. */
  tokenConcurrency: 2,
} as const;
