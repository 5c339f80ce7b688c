declare const brand: unique symbol;

/** A string that is only ever one kind of id: a `GroupId` cannot be passed where an `AccountId` is wanted. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

/** Our own name for one configured Confluence instance, from the configuration. */
export type SiteId = Brand<"SiteId">;
/**
 * Cloud: the Atlassian account id (`712020:…`). Data Center: the userKey; only of an account that is gone, and that rows
 * still name by its username, that name. Never an e-mail.
 */
export type AccountId = Brand<"AccountId">;
/** Cloud: the group's UUID. Data Center: the group's name, which is its id there. */
export type GroupId = Brand<"GroupId">;
/** The numeric id of a space, always kept as a string. */
export type SpaceId = Brand<"SpaceId">;
/** The key people see (`ENG`, `~712020…`). */
export type SpaceKey = Brand<"SpaceKey">;
/** The id of a Cloud space role. */
export type RoleId = Brand<"RoleId">;
