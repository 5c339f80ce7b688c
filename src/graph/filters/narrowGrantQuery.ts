import type { SpaceId } from "../../domain/ids.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import type { GrantQuery } from "./compileGrantFilter.js";

/** Where in the graph a list of grants stands: the whole site, one space, or one principal. */
export interface GrantScope {
  readonly spaceId?: SpaceId;
  readonly principal?: Principal;
}

/** Cuts a query down to a scope: what the filter asks for and the scope does not hold is not there. */
export function narrowGrantQuery(query: GrantQuery, scope: GrantScope): GrantQuery {
  const { spaceId, principal } = scope;
  let narrowed = query;
  if (spaceId !== undefined) {
    const isWanted = query.spaceIds === null || query.spaceIds.includes(spaceId);
    narrowed = { ...narrowed, spaceIds: isWanted ? [spaceId] : [], groupIds: null, ...noneBeyondSpaces };
  }
  if (principal !== undefined) {
    const key = principalKey(principal);
    const isWanted = query.principals === null || query.principals.some((wanted) => principalKey(wanted) === key);
    narrowed = { ...narrowed, principals: isWanted ? [principal] : [] };
  }
  return narrowed;
}

const noneBeyondSpaces = { mayBeMembership: false, mayBeNesting: false, mayBeSiteWide: false } as const;
