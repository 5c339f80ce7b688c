/** What not every site offers: since which version (`null`: not a matter of version), and how a person would call it. */
export const featureVersions = {
  userList: { since: "8.4", name: "The list of all users" },
  createUser: { since: "8.4", name: "Creating users by REST" },
  updateUser: { since: "9.0", name: "Updating a user's name and e-mail" },
  /** Reading them; a refused write says nothing about this one. */
  spacePermissions: { since: "9.1", name: "Space permissions by REST" },
  spacePermissionWrites: { since: "9.1", name: "Changing space permissions by REST" },
  globalPermissions: { since: "9.3", name: "Reading global permissions" },
  activeUsers: { since: "9.3", name: "The list of users who count for the licence" },
  /** E-mail and last login on that list. */
  activeUserFacts: { since: "10.2", name: "The time of the last login" },
  /** Undocumented: the mobile app's call that tells an e-mail address. */
  profiles: { since: null, name: "The call that tells one user's e-mail address" },
  /** In the OpenAPI document of 10.0.3; since when is not said. */
  groupParents: { since: null, name: "The call that tells the groups a group is in" },
  /** The filter `spaceId` on the list of spaces: in the OpenAPI document of 10.0.3; since when is not said. */
  spacesById: { since: null, name: "Asking for spaces by id" },
  /** JSON-RPC, deprecated and everywhere unless it is switched off. */
  remoteApi: { since: null, name: "The JSON-RPC API" },
} as const satisfies Readonly<Record<string, { readonly since: string | null; readonly name: string }>>;

export type Feature = keyof typeof featureVersions;
