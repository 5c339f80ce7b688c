import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterState } from "../state/DataCenterState.js";

/** The group of a name, in its own letter case; 404 when there is none. */
export function findGroup({ groups }: DataCenterState, name: string): { readonly name: string } {
  const group = groups.get(name);
  if (group === undefined) throw new Refusal(404, `No group found with name : ${name}`);
  return group;
}

/** The user of a name, whatever its status; 404 when nobody has it. */
export function findUser({ users }: DataCenterState, username: string): DataCenterUser {
  const user = users.byName(username);
  if (user === undefined) throw new Refusal(404, `No user found with username : ${username}`);
  return user;
}
