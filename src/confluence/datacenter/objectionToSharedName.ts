import type { GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUser } from "./fetchUser.js";

/** Why JSON-RPC cannot address a group, for a person: a user has the same name. `null` where nobody has. Asks for the user afresh. */
export async function objectionToSharedName(context: DataCenterContext, groupId: GroupId): Promise<string | null> {
  try {
    await fetchUser(context, { username: groupId });
  } catch (error) {
    if (error instanceof SiteError && error.kind === "NotVisible") return null;
    throw error;
  }
  return `A user is called "${groupId}" like the group, and this version of Confluence takes the name as the user's: the group's permissions can be changed in Confluence itself, or from 9.1 on.`;
}
