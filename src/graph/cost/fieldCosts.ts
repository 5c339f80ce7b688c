/**
 * What fields cost and how long lists are, where the document does not say. One unit is a plain field of an object that is at
 * hand: about a microsecond. `bench/costSearch.mjs` looks for what costs more than it is said to here.
 */

/** Units beside the one that every field costs: what is put together, searched or decided for it. By type and field. */
export const fieldCosts: Readonly<Record<string, number>> = {
  "Query.accounts": 60,
  "Query.groups": 40,
  "Query.spaces": 40,
  "Query.grants": 60,
  "Query.changes": 60,
  "Query.recordEntries": 60,
  "Query.checkAccess": 60,
  "Query.account": 10,
  "Query.group": 10,
  "Query.space": 10,
  "Query.grant": 10,
  "Query.identity": 10,
  "Query.site": 5,
  "Site.accounts": 60,
  "Site.groups": 40,
  "Site.spaces": 40,
  "Site.grants": 60,
  "Site.findings": 400,
  "Site.operations": 20,
  "Account.groups": 15,
  "Account.grants": 30,
  "Account.accessClasses": 20,
  "Account.effectiveAccess": 200,
  "Group.members": 15,
  "Group.memberGroups": 10,
  "Group.allMembers": 40,
  "Group.grants": 30,
  "Space.grants": 20,
  "Space.roleAssignments": 20,
  "Space.holders": 40,
  "Space.effectiveAccess": 200,
  "Identity.accounts": 15,
  "AccessClass.members": 100,
  "EffectiveAccountEdge.paths": 20,
  "EffectiveAccountEdge.pathCount": 5,
  "EffectiveAccountEdge.why": 60,
  "EffectiveSpaceEdge.paths": 20,
  "EffectiveSpaceEdge.pathCount": 5,
  "EffectiveSpaceEdge.why": 60,
};

/** Units of each item of a list that an argument holds, beside its fields: each is looked up, checked or decided by itself. */
export const argumentLists: Readonly<Record<string, { readonly argument: string; readonly unitsEach: number }>> = {
  "Query._entities": { argument: "representations", unitsEach: 6 },
  "Query.checkAccesses": { argument: "inputs", unitsEach: 60 },
  "Query.previewChanges": { argument: "changes", unitsEach: 500 },
  "Query.compareAccess": { argument: "accounts", unitsEach: 2_000 },
};

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
