import type { Space } from "../../domain/Space.js";
import type { SpaceFilter } from "../inputs/SpaceFilter.js";
import { holdsText } from "./holdsText.js";
import { isOneOf } from "./isOneOf.js";

/** Whether a space fits a filter; its status was settled by which lists were read. */
export function matchesSpace(space: Space, filter: SpaceFilter): boolean {
  return (
    isOneOf(space.kind, filter.kinds) &&
    isOneOf(
      space.key.toLowerCase(),
      filter.keys?.map((key) => key.toLowerCase()),
    ) &&
    holdsText(filter.text, [space.name, space.key, space.alias])
  );
}
