import { beforeEach, describe, expect, it } from "vitest";
import { dataCenterRoutes } from "../../../sandbox/src/datacenter/service.js";
import { fieldOf } from "../support/fieldOf.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { describedApis, documents, isThere, whySkipped } from "./documents.js";
import { OpenApiDocument } from "./OpenApiDocument.js";

const readRoutes = Object.fromEntries(Object.entries(dataCenterRoutes).filter(([call]) => call.startsWith("GET ")));

/** Where live answers are otherwise; the facts about Data Center name it. */
const deviations = [{ at: "ValidationResult.properties.errors", schema: { type: "array" } }];

const api = "/rest/api";
const calls: readonly (readonly [call: string, status: number, path: string])[] = [
  [`GET ${api}/server-information`, 200, `${api}/server-information`],
  [`GET ${api}/user/current`, 200, `${api}/user/current?expand=status`],
  [`GET ${api}/user`, 200, `${api}/user?key=key-cy`],
  [`GET ${api}/user`, 404, `${api}/user?key=none`],
  [`GET ${api}/user/memberof`, 200, `${api}/user/memberof?username=cy&limit=1`],
  [`GET ${api}/user/list`, 200, `${api}/user/list?limit=2&expand=status`],
  [`GET ${api}/admin/users/list/active`, 200, `${api}/admin/users/list/active?expand=lastLogin`],
  [`GET ${api}/group`, 200, `${api}/group?limit=2`],
  [`GET ${api}/group/{groupName}`, 200, `${api}/group/a`],
  [`GET ${api}/group/{groupName}/member`, 200, `${api}/group/a/member`],
  [`GET ${api}/group/{groupName}/groupmember`, 200, `${api}/group/a/groupmember`],
  [`GET ${api}/space`, 200, `${api}/space?limit=2&expand=creator,description,homepage,metadata,icon,retentionPolicy`],
  [`GET ${api}/space/{spaceKey}`, 200, `${api}/space/ENG?expand=creator`],
  [`GET ${api}/space/{spaceKey}`, 404, `${api}/space/NONE`],
  [`GET ${api}/space/{spaceKey}/permissions`, 200, `${api}/space/ENG/permissions`],
  [`GET ${api}/space/{spaceKey}/permissions/anonymous`, 200, `${api}/space/ENG/permissions/anonymous`],
  [`GET ${api}/space/{spaceKey}/permissions/group/{groupName}`, 200, `${api}/space/ENG/permissions/group/a`],
  [`GET ${api}/space/{spaceKey}/permissions/group/{groupName}`, 404, `${api}/space/ENG/permissions/group/none`],
  [`GET ${api}/space/{spaceKey}/permissions/user/{userKey}`, 200, `${api}/space/ENG/permissions/user/key-cy`],
  [`GET ${api}/permissions`, 200, `${api}/permissions`],
  [`GET ${api}/permissions/anonymous`, 200, `${api}/permissions/anonymous`],
  [`GET ${api}/permissions/unlicensed`, 200, `${api}/permissions/unlicensed`],
  [`GET ${api}/permissions/group/{groupName}`, 200, `${api}/permissions/group/confluence-users`],
  [`GET ${api}/permissions/user/{user}`, 200, `${api}/permissions/user/dee`],
  [`GET ${api}/longtask/{id}`, 404, `${api}/longtask/none`],
];

describe("answers of Data Center", () => {
  beforeEach(({ skip }) => skip(!isThere(documents.dataCenter), whySkipped));

  it("are what the document describes, for every read that it describes", async () => {
    const document = new OpenApiDocument(documents.dataCenter.file, "", deviations);
    const { get, raw } = await openDataCenter({ dataCenter: { version: "10.0.3" } });
    const problems: string[] = [];
    for (const [call, status, path] of calls) {
      const answer = await get(path);
      if (answer.status !== status) problems.push(`${call} at ${path} answered ${answer.status}, not ${status}`);
      problems.push(...document.problemsOf(call, answer.status, answer.body));
    }
    const started = await raw("/rest/api/admin/user/cy", {
      method: "DELETE",
      headers: { authorization: "Bearer sandbox-personal-access-token", "x-atlassian-token": "no-check" },
    });
    const call = `GET ${api}/longtask/{id}`;
    const task = await get(`${api}/longtask/${String(fieldOf(started.body, "id"))}`);
    problems.push(...document.problemsOf(call, task.status, task.body));
    expect(task.status).toBe(200);
    expect(problems).toEqual([]);
    const undocumented = describedApis.flatMap((described) => Object.keys(described.undocumented));
    const tried = new Set([...calls.map(([each]) => each), ...undocumented]);
    expect(Object.keys(readRoutes).filter((each) => !tried.has(each))).toEqual([]);
  });
});
