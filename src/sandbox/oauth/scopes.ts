/**
 * The scopes that each emulated Confluence call needs behind the gateway, as Atlassian's OpenAPI documents name them: any one
 * of the lists, and all scopes of that list. The first list is the current one; where there are two, the first is classic and
 * the second granular.
 */
export const scopes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "GET /wiki/rest/api/group": [["read:confluence-groups"], ["read:group:confluence"]],
  "POST /wiki/rest/api/group": [["write:confluence-groups"], ["read:group:confluence", "write:group:confluence"]],
  "GET /wiki/rest/api/group/by-id": [["read:confluence-groups"], ["read:group:confluence"]],
  "DELETE /wiki/rest/api/group/by-id": [["write:confluence-groups"], ["write:group:confluence"]],
  "GET /wiki/rest/api/group/picker": [["read:confluence-groups"], ["read:group:confluence"]],
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": [
    ["read:confluence-groups"],
    ["read:group:confluence", "read:user:confluence"],
  ],
  "POST /wiki/rest/api/group/userByGroupId": [["write:confluence-groups"], ["write:group:confluence"]],
  "DELETE /wiki/rest/api/group/userByGroupId": [["write:confluence-groups"], ["write:group:confluence"]],
  "GET /wiki/rest/api/longtask/{id}": [["read:confluence-space.summary"], ["read:content.metadata:confluence"]],
  "GET /wiki/rest/api/search/user": [["read:content-details:confluence"]],
  "POST /wiki/rest/api/space/{spaceKey}/permission": [
    ["read:space.permission:confluence", "write:space.permission:confluence"],
  ],
  "DELETE /wiki/rest/api/space/{spaceKey}/permission/{id}": [["write:space.permission:confluence"]],
  "GET /wiki/rest/api/user": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/bulk": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/current": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/memberof": [["read:confluence-user"], ["read:user:confluence", "read:group:confluence"]],
  "GET /wiki/api/v2/space-permissions": [["read:space.permission:confluence"]],
  "GET /wiki/api/v2/space-role-mode": [["read:configuration:confluence"]],
  "GET /wiki/api/v2/space-roles": [["read:space.permission:confluence"]],
  "GET /wiki/api/v2/space-roles/{id}": [["read:space.permission:confluence"]],
  "POST /wiki/api/v2/space-roles": [["write:configuration:confluence"]],
  "PUT /wiki/api/v2/space-roles/{id}": [["write:configuration:confluence"]],
  "DELETE /wiki/api/v2/space-roles/{id}": [["write:configuration:confluence"]],
  "GET /wiki/api/v2/spaces": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/operations": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/permissions": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/role-assignments": [["read:space.permission:confluence"]],
  "POST /wiki/api/v2/spaces/{id}/role-assignments": [["write:space.permission:confluence"]],
  "POST /wiki/api/v2/users-bulk": [["read:user:confluence"]],
  "POST /wiki/api/v2/user/access/check-access-by-email": [["read:configuration:confluence"]],
  "POST /wiki/api/v2/user/access/invite-by-email": [["read:configuration:confluence"]],
};
