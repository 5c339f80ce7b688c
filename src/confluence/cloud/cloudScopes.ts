/** The scopes of Atlassian's documents that let a call be made: either the classic one, where there is one, or all granular ones. */
interface CallScopes {
  readonly classic?: string;
  readonly granular: readonly string[];
}

const groups: CallScopes = { classic: "read:confluence-groups", granular: ["read:group:confluence"] };
const spaces: CallScopes = { granular: ["read:space:confluence"] };
const spacePermissions: CallScopes = { granular: ["read:space.permission:confluence"] };

/** What each reading call needs, by its template. */
const scopesByCall: Readonly<Record<string, CallScopes>> = {
  "GET /wiki/rest/api/user/current": {
    classic: "read:confluence-user",
    granular: ["read:content-details:confluence"],
  },
  "GET /wiki/rest/api/search/user": { granular: ["read:content-details:confluence"] },
  "GET /wiki/rest/api/group": groups,
  "GET /wiki/rest/api/group/by-id": groups,
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": {
    classic: "read:confluence-groups",
    granular: ["read:group:confluence", "read:user:confluence"],
  },
  "GET /wiki/rest/api/user/memberof": {
    classic: "read:confluence-user",
    granular: ["read:user:confluence", "read:group:confluence"],
  },
  "POST /wiki/api/v2/users-bulk": { granular: ["read:user:confluence"] },
  "GET /wiki/api/v2/spaces": spaces,
  "GET /wiki/api/v2/spaces/{id}": spaces,
  "GET /wiki/api/v2/spaces/{id}/permissions": spaces,
  "GET /wiki/api/v2/spaces/{id}/role-assignments": spacePermissions,
  "GET /wiki/api/v2/space-roles": spacePermissions,
  "GET /wiki/api/v2/space-role-mode": { granular: ["read:configuration:confluence"] },
};

/** What to give a token for a call, as a sentence. */
export function scopeAdvice(call: string): string {
  const scopes = scopesByCall[call];
  if (scopes === undefined) return "Give the token the scope that this call needs, then restart.";
  const granular = scopes.granular.join(" and ");
  const named = scopes.classic === undefined ? granular : `${scopes.classic} (classic), or ${granular} (granular)`;
  return `Give the token the scope that this call needs, ${named}, then restart.`;
}
