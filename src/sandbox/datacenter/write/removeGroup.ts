import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import { findGroup } from "./findGroup.js";
import { requireWritableGroups } from "./requireWritableGroups.js";

/** Removes a group and its memberships; its grants stay. 404 for an unknown one, 400 for the last that administers. */
export function removeGroup({ state, options }: DataCenterCall, wanted: string): void {
  const { name } = findGroup(state, wanted);
  requireWritableGroups(options);
  const administering = state.groups.all().filter((each) => administers(state, each));
  if (administering.length === 1 && administering[0] === name) {
    throw new Refusal(400, `The group ${name} cannot be removed: it is the last one with administrators.`);
  }
  state.groups.remove(name);
}

function administers({ administrators, globals }: DataCenterState, name: string): boolean {
  if (administrators.some((each) => each.toLowerCase() === name.toLowerCase())) return true;
  return ["application", "system"].some((targetType) =>
    globals.has({ kind: "group", name }, { operationKey: "administer", targetType }),
  );
}
