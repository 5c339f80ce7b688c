import type { LeftOut } from "../domain/Space.js";

/** A site that is shown whole. */
export const nothingLeftOut: LeftOut = { spaceKeys: [], hasPersonalSpaces: false, permissions: [] };
