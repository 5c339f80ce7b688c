import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterState } from "../state/DataCenterState.js";

/** The user of a name, whatever its status; 404 when nobody has it. */
export function findUser({ users }: DataCenterState, username: string): DataCenterUser {
  const user = users.byName(username);
  if (user === undefined) throw new Refusal(404, `No user found with username : ${username}`);
  return user;
}
