import type { DataCenterCall } from "../DataCenterCall.js";
import { profilePicture } from "./profilePicture.js";

/** A user who was deleted and of whom only the key is left, in place of the name as well. */
export function mapLostUser({ state }: DataCenterCall, userKey: string): Readonly<Record<string, unknown>> {
  const picture = profilePicture(state.contextPath);
  return {
    type: "unknown",
    username: userKey,
    userKey,
    profilePicture: picture,
    displayName: `Unknown User (${userKey})`,
  };
}
