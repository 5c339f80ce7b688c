/**
 * Mutants that stand for a rule of their own, or that were alive once. `was` is in the file exactly once, so that a rule which is written
 * anew has to take its mutant along.
 */
export const explicitMutants = [
  {
    why: "the organization's ACTIVE wins over Confluence's inactive",
    file: "src/confluence/mergeOrganizationUser.ts",
    was: "isConfluenceSure || user.status === null",
    is: "user.status === null",
  },
  {
    why: "membershipStatus: suspended is ignored",
    file: "src/confluence/organization/mapOrganizationUser.ts",
    was: 'user.membershipStatus === "suspended"',
    is: "false",
  },
  {
    why: "a product that is not told is none",
    file: "src/confluence/mergeOrganizationUser.ts",
    was: "resources.isWhole ? false : null",
    is: "false",
  },
  {
    why: "a role on another site counts on this one",
    file: "src/confluence/mergeOrganizationUser.ts",
    was: "resource === null || resource === siteResource",
    is: "true",
  },
  {
    why: "the last activity of any site counts on this one",
    file: "src/confluence/organization/createOrganization.ts",
    was: "id === resource",
    is: "true",
  },
  {
    why: "organizations with different API keys are one",
    file: "src/compose/Organizations.ts",
    was: "config.apiKey.reveal()",
    is: '""',
  },
  {
    why: "an old list of groups proves absence",
    file: "src/loaders/group.ts",
    was: "reader.clock.now() - list.asOfMs <= reader.lifetimes.misses",
    is: "true",
  },
  {
    why: "a list of groups with gaps proves absence",
    file: "src/loaders/group.ts",
    was: "list.gaps.length === 0",
    is: "true",
  },
  {
    why: "an id of another site stays in a filter",
    file: "src/graph/filters/compileGrantFilter.ts",
    was: "id.siteId === siteId",
    is: "true",
  },
];
