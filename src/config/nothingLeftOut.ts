import type { LeftOut } from "../domain/LeftOut.js";

/** A site that is shown whole. */
export const nothingLeftOut: LeftOut = { spaceKeys: [], hasPersonalSpaces: false, permissions: [] };
