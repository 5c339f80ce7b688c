import { beforeEach, describe, expect, it } from "vitest";
import { cloudRoutes } from "../../../sandbox/src/cloud/service.js";
import { generateWorld } from "../../../sandbox/src/world/generation/generateWorld.js";
import type { CloudWorld } from "../../../sandbox/src/world/World.js";
import { fieldOf } from "../support/fieldOf.js";
import { openSandbox } from "../support/openSandbox.js";
import { documents, isThere, whySkipped } from "./documents.js";
import { type Deviation, OpenApiDocument } from "./OpenApiDocument.js";

const open = { type: "string" };
const orNull = (name: string) => ({ anyOf: [{ $ref: `#/components/schemas/${name}` }, { type: "null" }] });

/** Where live answers go beyond the document; the facts about Confluence Cloud name each. */
const deviations: { readonly v1: readonly Deviation[]; readonly v2: readonly Deviation[] } = {
  v1: [{ at: "SpacePermissionV2.properties.id", schema: open }],
  v2: [
    { at: "SpacePermissionAssignment.properties.principal.properties.type", schema: open },
    { at: "SpacePermissionAssignment.properties.operation.properties.key", schema: open },
    { at: "SpacePermissionAssignment.properties.operation.properties.targetType", schema: open },
    ...["SpaceBulk", "SpaceSingle"].flatMap((schema) => [
      { at: `${schema}.properties.icon`, schema: orNull("SpaceIcon") },
      { at: `${schema}.properties.description`, schema: orNull("SpaceDescription") },
    ]),
  ],
};

const world = generateWorld("random:openapi:accounts=120,groups=30,spaces=80");

function cloudOf({ cloud } = world): CloudWorld {
  if (cloud === undefined) throw new Error("no cloud half");
  return cloud;
}

/** A principal, a space and so on to ask for; the calls below are made in this order, on one sandbox. */
function calls(): readonly (readonly [call: string, status: number, path: string, body?: unknown])[] {
  const { accounts, groups, spaces, roles } = cloudOf();
  const ids = accounts.map(({ accountId }) => accountId);
  const space = spaces.find(({ status, permissions }) => status === "current" && permissions.length > 50);
  const group = groups.find(({ members, managedBy }) => members.length > 3 && managedBy === "ADMINS");
  const outsider = accounts.find(
    ({ accountId, accountStatus }) => accountStatus === "active" && !group?.members.includes(accountId),
  );
  const custom = roles.find(({ type }) => type === "CUSTOM")?.id;
  const [v1, v2] = ["/wiki/rest/api", "/wiki/api/v2"];
  const account = encodeURIComponent(ids[0] ?? "");
  const definition = { name: "Drafter", description: "Drafts", spacePermissions: ["read/space", "create/page"] };
  const permission = {
    subject: { type: "user", identifier: outsider?.accountId },
    operation: { key: "read", target: "space" },
  };
  return [
    [`GET ${v1}/user/current`, 200, `${v1}/user/current`],
    [`GET ${v1}/user`, 200, `${v1}/user?accountId=${account}&expand=operations,personalSpace,isExternalCollaborator`],
    [`GET ${v1}/user`, 404, `${v1}/user?accountId=nobody`],
    [`GET ${v1}/user/bulk`, 200, `${v1}/user/bulk?${ids.map((id) => `accountId=${encodeURIComponent(id)}`).join("&")}`],
    [`GET ${v1}/user/memberof`, 200, `${v1}/user/memberof?accountId=${account}`],
    [`GET ${v1}/search/user`, 200, `${v1}/search/user?cql=type=user&limit=200&sitePermissionTypeFilter=all`],
    [`GET ${v1}/search/user`, 400, `${v1}/search/user?cql=((`],
    [`GET ${v1}/group`, 200, `${v1}/group`],
    [`GET ${v1}/group/by-id`, 200, `${v1}/group/by-id?id=${group?.id}`],
    [`GET ${v1}/group/by-id`, 404, `${v1}/group/by-id?id=nope`],
    [`GET ${v1}/group/picker`, 200, `${v1}/group/picker?query=a&shouldReturnTotalSize=true`],
    [
      `GET ${v1}/group/{groupId}/membersByGroupId`,
      200,
      `${v1}/group/${group?.id}/membersByGroupId?shouldReturnTotalSize=true`,
    ],
    [`GET ${v1}/group/{groupId}/membersByGroupId`, 400, `${v1}/group/${group?.id}/membersByGroupId?limit=201`],
    [`POST ${v1}/group`, 201, `${v1}/group`, { name: "made here" }],
    [`POST ${v1}/group`, 400, `${v1}/group`, {}],
    [
      `POST ${v1}/group/userByGroupId`,
      201,
      `${v1}/group/userByGroupId?groupId=${group?.id}`,
      { accountId: outsider?.accountId },
    ],
    [`DELETE ${v1}/group/userByGroupId`, 204, `${v1}/group/userByGroupId?groupId=${group?.id}&accountId=${account}`],
    [`DELETE ${v1}/group/userByGroupId`, 404, `${v1}/group/userByGroupId?groupId=nope&accountId=${account}`],
    [`DELETE ${v1}/group/by-id`, 204, `${v1}/group/by-id?id=${group?.id}`],
    [`POST ${v1}/space/{spaceKey}/permission`, 200, `${v1}/space/${space?.key}/permission`, permission],
    [`POST ${v1}/space/{spaceKey}/permission`, 400, `${v1}/space/${space?.key}/permission`, permission],
    [`POST ${v1}/space/{spaceKey}/permission`, 404, `${v1}/space/NOPE/permission`, permission],
    [`DELETE ${v1}/space/{spaceKey}/permission/{id}`, 204, `${v1}/space/${space?.key}/permission/{granted}`],
    [`DELETE ${v1}/space/{spaceKey}/permission/{id}`, 404, `${v1}/space/${space?.key}/permission/{granted}`],
    [`GET ${v2}/spaces`, 200, `${v2}/spaces?limit=250&status=current`],
    [`GET ${v2}/spaces`, 200, `${v2}/spaces?limit=250&include-icon=true&description-format=plain`],
    [`GET ${v2}/spaces`, 400, `${v2}/spaces?limit=251`],
    [
      `GET ${v2}/spaces/{id}`,
      200,
      `${v2}/spaces/${space?.id}?include-permissions=true&include-operations=true&include-properties=true&include-labels=true`,
    ],
    [`GET ${v2}/spaces/{id}`, 404, `${v2}/spaces/1`],
    [`GET ${v2}/spaces/{id}/operations`, 200, `${v2}/spaces/${space?.id}/operations`],
    [`GET ${v2}/spaces/{id}/permissions`, 200, `${v2}/spaces/${space?.id}/permissions?limit=250`],
    [`GET ${v2}/spaces/{id}/role-assignments`, 200, `${v2}/spaces/${space?.id}/role-assignments`],
    [
      `POST ${v2}/spaces/{id}/role-assignments`,
      200,
      `${v2}/spaces/${space?.id}/role-assignments`,
      [{ principal: { principalType: "ACCESS_CLASS", principalId: "all-licensed-users" }, roleId: custom }],
    ],
    [`POST ${v2}/spaces/{id}/role-assignments`, 400, `${v2}/spaces/${space?.id}/role-assignments`, {}],
    [`GET ${v2}/space-permissions`, 200, `${v2}/space-permissions`],
    [`GET ${v2}/space-role-mode`, 200, `${v2}/space-role-mode`],
    [`GET ${v2}/space-roles`, 200, `${v2}/space-roles`],
    [`GET ${v2}/space-roles/{id}`, 200, `${v2}/space-roles/${custom}`],
    [`POST ${v2}/space-roles`, 201, `${v2}/space-roles`, definition],
    [`PUT ${v2}/space-roles/{id}`, 202, `${v2}/space-roles/${custom}`, { ...definition, name: "Other" }],
    [`DELETE ${v2}/space-roles/{id}`, 202, `${v2}/space-roles/${custom}`],
    [`GET ${v1}/longtask/{id}`, 200, `${v1}/longtask/{task}`],
    [`POST ${v2}/users-bulk`, 200, `${v2}/users-bulk`, { accountIds: ids }],
    [`POST ${v2}/users-bulk`, 400, `${v2}/users-bulk`, { accountIds: [] }],
    [
      `POST ${v2}/user/access/check-access-by-email`,
      200,
      `${v2}/user/access/check-access-by-email`,
      { emails: ["a@b.org", "x"] },
    ],
    [`POST ${v2}/user/access/invite-by-email`, 200, `${v2}/user/access/invite-by-email`, { emails: ["a@b.org"] }],
  ];
}

describe("answers, checked against Atlassian's OpenAPI documents", () => {
  beforeEach(({ skip }) => skip(!isThere(documents.v1, documents.v2), whySkipped));

  it("are what the documents describe, for every emulated call, but where the facts say otherwise", async () => {
    const { v1, v2 } = documents;
    const read = {
      v1: new OpenApiDocument(v1.file, v1.prefix, deviations.v1),
      v2: new OpenApiDocument(v2.file, v2.prefix, deviations.v2),
    };
    const { raw, sandbox } = await openSandbox({ world });
    const { email, apiToken } = sandbox.credential;
    const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    const problems: string[] = [];
    const seen = new Set<string>();
    let [granted, task] = ["", ""];
    for (const [call, status, path, body] of calls()) {
      const answer = await raw(path.replace("{granted}", granted).replace("{task}", task), {
        method: call.split(" ")[0] ?? "",
        headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect.soft(answer.status, `${call} ${path} ${answer.text.slice(0, 200)}`).toBe(status);
      const document = call.includes("/api/v2/") ? read.v2 : read.v1;
      problems.push(...document.problemsOf(call, answer.status, answer.body));
      const results = fieldOf(answer.body, "results");
      if (Array.isArray(results) && results.length === 0) problems.push(`${call}: an empty list proves nothing`);
      if (call.startsWith("POST /wiki/rest/api/space/") && status === 200) granted = String(fieldOf(answer.body, "id"));
      if (fieldOf(answer.body, "taskId") !== undefined) task = String(fieldOf(answer.body, "taskId"));
      seen.add(call);
    }
    expect(problems).toEqual([]);
    expect(Object.keys(cloudRoutes).filter((call) => !seen.has(call))).toEqual([]);
  });

  it("go beyond the documents in each place that is listed as a deviation, so that the list stays short", async () => {
    const { get, post } = await openSandbox({ world });
    const { spaces } = cloudOf();
    const space = spaces.find(
      ({ status, permissions }) =>
        status === "current" && permissions.some(({ principal }) => principal.type === "access-class"),
    );
    const document = new OpenApiDocument(documents.v2.file, documents.v2.prefix, []);
    const list = await get("/wiki/api/v2/spaces?limit=1");
    expect(document.problemsOf("GET /wiki/api/v2/spaces", 200, list.body).join()).toMatch(
      /icon.*description|description.*icon/,
    );
    const rows = await get(`/wiki/api/v2/spaces/${space?.id}/permissions?limit=250`);
    expect(document.problemsOf("GET /wiki/api/v2/spaces/{id}/permissions", 200, rows.body).join()).toMatch(
      /principal\/type/,
    );
    const made = await post(`/wiki/rest/api/space/${space?.key}/permission`, {
      subject: { type: "user", identifier: cloudOf().accounts[11]?.accountId },
      operation: { key: "read", target: "space" },
    });
    const v1 = new OpenApiDocument(documents.v1.file, documents.v1.prefix, []);
    expect(v1.problemsOf("POST /wiki/rest/api/space/{spaceKey}/permission", 200, made.body).join()).toMatch(
      /\/id must be integer/,
    );
  });
});
