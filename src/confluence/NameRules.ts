import type { GroupId, SpaceKey } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";

/**
 * What a site makes of names and ids that come from outside. Whatever the adapter hands up is settled already; what a caller
 * hands in is settled once, where it comes in, so that nothing above has to know how the site compares names.
 */
export interface NameRules {
  /** The id of a group in the one spelling in which it is handed up. */
  groupId(text: string): GroupId;
  /** A principal as rows name it: a group by its id, an access class that was named by its id alone (`access-class`) by its type. */
  principal(principal: Principal): Principal;
  /** One string for all spellings of a group's name. */
  groupName(text: string): string;
  /** One string for all spellings of a name that people sign in with. */
  username(text: string): string;
  /** One string for all spellings of a space's key. */
  spaceKey(text: string): SpaceKey;
  /** The id of a granular row as it is handed up, where the site's rows have none of their own and names stand in it. */
  permissionId(text: string): string;
}

/** Names that tell cases apart, and ids that are no names: every spelling is its own. */
export const exactNames: NameRules = {
  groupId: (text) => text as GroupId,
  principal: (principal) => principal,
  groupName: (text) => text,
  username: (text) => text,
  spaceKey: (text) => text as SpaceKey,
  permissionId: (text) => text,
};
