/**
 * What fields cost and how long lists are, where the document does not say. One unit is a plain field of an object that is at
 * hand: about a microsecond. `bench/costSearch.mjs` looks for what costs more than it is said to here.
 */

/** Units of each item of a list beside its fields: an object of its own, with its place in the answer. */
export const itemUnits = 3;

/**
 * What a field counts at most where work is divided into turns: a page is put together in steps of its own, and who reads a thousand
 * of them together asks a site for them together.
 */
export const mostAtOnce = 15;

/**
 * Units beside the one that every field costs: what is put together, searched or decided for it. By type and field, else by field. Of
 * rows' pages by the processor time of all threads, garbage with it (2026-12-01: an account's grants take 520 microseconds, its classes 240, a
 * group's grants 165 for their number alone; they had been taken for half of that or less). An account's groups take 150, but of all groups,
 * their members, and the groups of those in one question nothing would be answered then.
 */
export const fieldCosts: Readonly<Record<string, number>> = {
  cursor: 6,
  pageInfo: 20,
  "Query.accounts": 250,
  "Query.groups": 250,
  "Query.spaces": 250,
  "Query.grants": 250,
  "Query.changes": 250,
  "Query.recordEntries": 250,
  "Query.checkAccess": 200,
  "Query.change": 60,
  "Query.account": 60,
  "Query.group": 60,
  "Query.space": 60,
  "Query.grant": 60,
  "Query.identity": 60,
  "Query.node": 60,
  "Query.site": 15,
  "Site.accounts": 250,
  "Site.groups": 250,
  "Site.spaces": 250,
  "Site.grants": 250,
  "Site.findings": 600,
  "Site.operations": 200,
  "Account.groups": 50,
  "Account.grants": 250,
  "Account.accessClasses": 180,
  "Account.effectiveAccess": 600,
  "Group.members": 60,
  "Group.memberGroups": 50,
  "Group.allMembers": 100,
  "Group.grants": 160,
  "Space.grants": 80,
  "Space.roleAssignments": 60,
  "Space.holders": 100,
  "Space.effectiveAccess": 600,
  "Identity.email": 20,
  "Identity.atlassianAccountId": 80,
  "Identity.accounts": 80,
  "AccessClass.members": 200,
  "AccessDecision.paths": 15,
  "AccessDecision.ineffective": 8,
  "EffectiveAccountEdge.paths": 20,
  "EffectiveAccountEdge.pathCount": 5,
  "EffectiveAccountEdge.why": 60,
  "EffectiveSpaceEdge.paths": 20,
  "EffectiveSpaceEdge.pathCount": 5,
  "EffectiveSpaceEdge.why": 60,
};

/** A list that an argument holds, each item of which is looked up, checked or decided by itself. */
export interface ArgumentList {
  readonly argument: string;
  /** Units of each of its items, beside its fields. */
  readonly unitsEach: number;
  /** What of that is done in one go, before anything is waited for. */
  readonly stepsEach: number;
}

/**
 * Units of a question of `checkAccesses`, in what an operation may cost and in what it is answered with (2026-12-01: 75 microseconds of
 * all threads; 60 fields of 500 took 1.3 s, and counted for the four units of each row).
 */
export const questionUnits = 60;

export const argumentLists: Readonly<Record<string, ArgumentList>> = {
  "Query._entities": { argument: "representations", unitsEach: 6, stepsEach: 2 },
  "Query.nodes": { argument: "ids", unitsEach: 20, stepsEach: 2 },
  "Query.checkAccesses": { argument: "inputs", unitsEach: questionUnits, stepsEach: 10 },
  "Query.previewChanges": { argument: "changes", unitsEach: 500, stepsEach: 50 },
  "Query.compareAccess": { argument: "accounts", unitsEach: 2_000, stepsEach: 50 },
};

/**
 * Units of each value in any other list that an argument holds, such as the ids of a filter: read, checked and looked for. Some ten
 * microseconds of one that is not known yet (2026-11-30: 500 aliases of one filter of 10,000 ids kept a server busy for minutes, and were
 * taken for 127,000 units).
 */
export const givenUnits = 20;

/** Values in one such list at most: they are gone through in one go. */
export const mostGiven = 1_000;

/** Objects in all inputs that variables hold at most, those within others too: 200 changes of twenty permissions each are 4,200. */
export const mostObjectsGiven = 10_000;

/**
 * Units of an item that is answered with an error, beside the item: making one takes longer than a row (2026-11-30: 150 aliases of 1,000
 * references that are none took eight seconds of the processor, and were let through).
 */
export const refusedUnits = 20;

/** Items of such a list that are begun in one go: of more, others have their turn between. */
export const argumentsAtOnce = 1_000;

/** Units of a mutation field, whatever it changes: the calls it makes are bounded by themselves. */
export const mutationCost = 100;

/** How many items a page of a nested list usually holds where more are asked for: `first` is what it may hold. */
export const usualPages: Readonly<Record<string, number>> = {
  "Query.accounts": 100,
  "Query.groups": 100,
  "Query.spaces": 100,
  "Query.grants": 100,
  "Query.changes": 100,
  "Query.recordEntries": 100,
  "Query.compareAccess": 100,
  "Site.accounts": 100,
  "Site.groups": 100,
  "Site.spaces": 100,
  "Site.grants": 100,
  "Site.findings": 100,
  "Account.groups": 5,
  "Account.grants": 20,
  "Account.effectiveAccess": 50,
  "Group.members": 25,
  "Group.memberGroups": 3,
  "Group.allMembers": 50,
  "Group.grants": 20,
  "Space.grants": 30,
  "Space.roleAssignments": 10,
  "Space.holders": 20,
  "Space.effectiveAccess": 50,
  "Identity.accounts": 2,
  "AccessClass.members": 50,
  "AccessDecision.paths": 3,
  "AccessDecision.ineffective": 1,
  "EffectiveAccountEdge.paths": 3,
  "EffectiveSpaceEdge.paths": 3,
};

/** How many items a list without pages holds. By type and field, else by field. */
export const usualLists: Readonly<Record<string, number>> = {
  "Query.sites": 3,
  "Site.capabilities": 12,
  "Site.operations": 50,
  "SpaceRole.permissions": 15,
  "Grant.permissions": 8,
  "AccessFinding.grants": 5,
  "AccessPreview.effects": 100,
  "__Schema.types": 150,
  "__Schema.directives": 20,
  "__Type.fields": 12,
  "__Type.inputFields": 4,
  "__Type.enumValues": 3,
  "__Type.possibleTypes": 1,
  "__Type.interfaces": 1,
  "__Field.args": 1,
  "__Directive.args": 2,
  permissions: 8,
  grants: 3,
  belongsBy: 1,
  paths: 3,
  gaps: 1,
  assumptions: 1,
  userErrors: 1,
  principals: 1,
};

/** Of any other list. */
export const usualList = 4;
/** Of any other nested page. */
export const usualPage = 25;

/** Characters of a value in the answer, by its type; a text where the type is none of these. */
export const usualBytes: Readonly<Record<string, number>> = { Boolean: 5, Int: 5, Float: 8, ID: 50, DateTime: 26 };
export const usualEnumBytes = 12;
export const usualTextBytes = 30;
/** A sentence for people. */
export const longTexts: ReadonlySet<string> = new Set([
  "explanation",
  "sentence",
  "description",
  "reason",
  "message",
  "meaning",
  "remedy",
  "input",
]);
export const longTextBytes = 120;
