import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { HeldSpace } from "../state/DataCenterSpaceBook.js";
import { visibleTo } from "./rights.js";

/** The name, as it was given when it was made, of the group in the path. */
export function findGroup({ params, state }: DataCenterCall): string {
  const name = params.groupName ?? "";
  const group = state.groups.get(name);
  if (group === undefined) throw new Refusal(404, `No group found with name : ${name}`);
  return group.name;
}

/** The user that `key` or `username` names: exactly one of the two. */
export function findUser({ query, state }: DataCenterCall): DataCenterUser {
  const key = query.get("key") ?? "";
  const username = query.get("username") ?? "";
  if ((key === "") === (username === "")) {
    throw new Refusal(400, "Exactly one of the query parameters key and username must be given.");
  }
  const user = key === "" ? state.users.byName(username) : state.users.byKey(key);
  if (user !== undefined) return user;
  throw new Refusal(404, `No user found with ${key === "" ? `username : ${username}` : `key : ${key}`}`);
}

/** The space of a key, archived or not; 404 when there is none that the caller may see. */
export function findSpace(call: DataCenterCall, key: string): HeldSpace {
  const space = call.state.spaces.byKey(key);
  if (space === undefined || !visibleTo(call)(key)) throw new Refusal(404, `No space with key : ${key}`);
  return space;
}
