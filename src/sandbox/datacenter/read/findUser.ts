import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";

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
