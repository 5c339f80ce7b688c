import { Refusal } from "../../http/Refusal.js";
import { limits } from "../../limits.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import { requireWritableGroups } from "./requireWritableGroups.js";

/** Adds an empty group. 400 for what is no name, 409 when it is taken in any letter case. */
export function createGroup({ state, options }: DataCenterCall, name: unknown): string {
  if (typeof name !== "string" || name.trim() === "" || name.length > limits.nameLength) {
    throw new Refusal(400, `name must be a text of 1 to ${limits.nameLength} characters.`);
  }
  if (state.groups.get(name) !== undefined) throw new Refusal(409, `A group with name ${name} already exists.`);
  requireWritableGroups(options);
  state.groups.add(name);
  return name;
}
