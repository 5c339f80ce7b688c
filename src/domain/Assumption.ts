/**
 * What an answer takes for granted because nobody can say otherwise. It is no gap: nothing failed, and nothing more could be
 * read. Lists and decisions name what they rest on alike.
 *
 * `SUSPENDED_MEMBERS_HIDDEN`: Cloud leaves people whom the organization suspended out of member lists, and no organization
 * is asked who they are. `LICENSED`: that an account has a licence, where nobody tells. `GROUP_GONE`: that a group which
 * cannot be found, yet holds a grant, has no members. `NO_SPACE_ROLES`: that a site which knows neither its role mode nor
 * role definitions nor the assignments of a space has no space roles.
 */
export type Assumption = "SUSPENDED_MEMBERS_HIDDEN" | "LICENSED" | "GROUP_GONE" | "NO_SPACE_ROLES";

/** Several lists of assumptions as one, each once, in the order met. */
export function mergeAssumptions(...lists: readonly (readonly Assumption[])[]): readonly Assumption[] {
  const filled = lists.filter((list) => list.length > 0);
  const [only] = filled;
  if (only === undefined) return [];
  return filled.length === 1 ? only : [...new Set(filled.flat())];
}
