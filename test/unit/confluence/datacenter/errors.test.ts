import { describe, expect, it } from "vitest";
import { classifyDataCenterError } from "../../../../src/confluence/datacenter/errors.js";
import { type ErrorClassifier, siteErrorFromReply } from "../../../../src/http/errors.js";

const group = "GET /rest/api/group/{groupName}";
const current = "GET /rest/api/user/current";
const permissions = "GET /rest/api/space/{spaceKey}/permissions";
const remote = "POST /rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets";
const entity = (statusCode: number, message: string) => ({
  statusCode,
  data: { authorized: false, valid: true, errors: [], successful: false },
  message,
  reason: "…",
});
const nullForUri = { message: "null for uri: http://wiki/confluence/rest/api/x", "status-code": 404 };
const page = "<!doctype html><html><head><title>HTTP Status 404</title><style>b{}</style></head><body>No</body></html>";

function errorOf(
  call: string,
  status: number,
  body: unknown,
  classifyError: ErrorClassifier = classifyDataCenterError,
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return siteErrorFromReply(
    { status, headers: {}, text, bytes: text.length, isTooLarge: false },
    { call, nowMs: 0, isRepeatable: true, origin: "http://wiki", secrets: () => [], classifyError },
  );
}

describe("an error of Data Center", () => {
  it.each([
    ["an entity that is missing", group, 404, entity(404, "No group"), "NotVisible", "No group"],
    ["a route that is missing", group, 404, nullForUri, "Unsupported", "does not have the call"],
    [
      "a route that is missing, as XML",
      group,
      404,
      "<status><message>null for uri: x</message></status>",
      "Unsupported",
      "null for uri",
    ],
    ["a method that is missing", group, 405, "", "Unsupported", "does not have the call"],
    ["a web page where an object was to be", group, 404, page, "Misconfigured", "context path"],
    ["no API at all", current, 404, page, "Misconfigured", "context path"],
    ["no such route for the first call", current, 404, nullForUri, "Misconfigured", "context path"],
    ["a 401 on who we are", current, 401, nullForUri, "CredentialRejected", "wrong, expired or revoked"],
    ["a 401 on anything else", group, 401, entity(401, "No"), "AccessRefused", "administrator rights"],
    ["a 403 on who we are", current, 403, entity(403, "No"), "AccessRefused", "may not use Confluence"],
    [
      "passwords switched off",
      current,
      403,
      { message: "Basic Authentication has been disabled on this instance." },
      "CredentialRejected",
      "personal access token",
    ],
    ["a failed XSRF check", group, 403, "XSRF check failed", "AccessRefused", "X-Atlassian-Token"],
    [
      "a directory that is read-only",
      group,
      400,
      entity(400, "The directory is read-only"),
      "RequestRejected",
      "LDAP, Crowd",
    ],
    [
      "a directory that is read-only, refused",
      group,
      403,
      entity(403, "Directory is read only."),
      "AccessRefused",
      "LDAP, Crowd",
    ],
    [
      "a directory by another word order",
      group,
      403,
      entity(403, "Cannot write to a read only directory"),
      "AccessRefused",
      "LDAP, Crowd",
    ],
    [
      "a site in read-only mode",
      group,
      403,
      entity(403, "Read-only mode is enabled."),
      "AccessRefused",
      "The site is in read-only mode",
    ],
    [
      "a site in read-only mode, by the method",
      "PUT /rest/api/space/{spaceKey}/permissions/anonymous/grant",
      405,
      entity(405, "This site is read-only. You can't make changes right now."),
      "RequestRejected",
      "The site is in read-only mode",
    ],
    [
      "a method that the API itself refuses",
      "PUT /rest/api/space/{spaceKey}/permissions/anonymous/grant",
      405,
      entity(405, "Not now"),
      "RequestRejected",
      "Not now",
    ],
    [
      "no licence left",
      "POST /rest/api/admin/user",
      402,
      entity(402, "No more licenses"),
      "AccessRefused",
      "licence seat",
    ],
    [
      "space permissions for who is no administrator",
      permissions,
      500,
      entity(500, "Internal"),
      "UpstreamFailed",
      "not administrators",
    ],
    ["JSON-RPC switched off (401)", remote, 401, "", "Unsupported", "JSON-RPC API is switched off"],
    ["JSON-RPC switched off (404)", remote, 404, page, "Unsupported", "JSON-RPC API is switched off"],
    ["JSON-RPC switched off (405)", remote, 405, "", "Unsupported", "JSON-RPC API is switched off"],
    [
      "the mobile app's API switched off",
      "GET /rest/mobile/1.0/profile/{username}",
      404,
      page,
      "Unsupported",
      "does not have",
    ],
  ])("%s", (_, call, status, body, kind, words) => {
    const error = errorOf(call, status, body);
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
  });

  it("is readable where it comes as XML or as a page", () => {
    const xml = "<?xml version='1.0'?><status><status-code>400</status-code><message>Bad name</message></status>";
    expect(errorOf(group, 400, xml).message).toContain("Bad name");
    expect(errorOf(group, 400, xml).message).not.toContain("<");
    expect(errorOf(group, 400, page).message).toContain("HTTP Status 404");
    expect(errorOf(group, 400, page).message).not.toContain("b{}");
  });

  it.each([
    ["a site in read-only mode", "Confluence is in read only mode while its directory moves"],
    ["something else that is read-only", "The attribute is read-only"],
  ])("is not taken for a read-only directory where it is %s", (_, message) => {
    expect(errorOf(group, 403, entity(403, message)).message).not.toMatch(/read-only directory|LDAP/);
  });

  it("leaves a limit of rate to the status", () => {
    expect(errorOf(group, 429, { message: "Rate limit exceeded." }).kind).toBe("Throttled");
  });

  it("of a write with 501 may have been applied, and is no missing route", () => {
    const error = siteErrorFromReply(
      { status: 501, headers: {}, text: "", bytes: 0, isTooLarge: false },
      {
        call: group,
        nowMs: 0,
        isRepeatable: false,
        origin: "http://w",
        secrets: () => [],
        classifyError: classifyDataCenterError,
      },
    );
    expect(error).toMatchObject({ kind: "Unsupported", isAnswerLost: true });
  });
});
