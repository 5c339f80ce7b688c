import { Version } from "./Version.js";

/** From which version each feature is there; before that its routes are missing. */
export const features = {
  userList: new Version("8.4"),
  /** Creating users and changing passwords. */
  createUser: new Version("8.4"),
  /** Changing a user's full name and e-mail. */
  updateAccount: new Version("9.0"),
  /** `expand=creator` on spaces: Atlassian's document has it in 10.0.3 and not in 9.10. */
  spaceCreator: new Version("10.0"),
  /** `spaceId`, `spaceIds` and `spaceKeys` on the list of spaces: in Atlassian's document of 10.0.3; since when is not said. */
  spaceNameFilters: new Version("10.0"),
  spacePermissions: new Version("9.1"),
  globalPermissions: new Version("9.3"),
  activeUsers: new Version("9.3"),
  /** E-mail and last login on the active-user list. */
  activeUserEmail: new Version("10.2"),
} as const;
