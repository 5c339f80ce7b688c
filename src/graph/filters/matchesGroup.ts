import type { Group } from "../../domain/Group.js";
import type { GroupFilter } from "../inputs/GroupFilter.js";
import { holdsText } from "./holdsText.js";
import { isOneOf } from "./isOneOf.js";

/** Whether a group fits a filter. */
export function matchesGroup(group: Group, filter: GroupFilter): boolean {
  return (
    isOneOf(group.managedBy, filter.managedBy) &&
    isOneOf(group.usage, filter.usages) &&
    holdsText(filter.text, [group.name])
  );
}
