import { SiteError } from "../../domain/SiteError.js";
import type { HttpRequest, Transport } from "../../http/Transport.js";
import { type Examination, reasonOf } from "./Examination.js";
import { firstIn } from "./firstIn.js";
import { textAt } from "./textAt.js";

/** The calls that tell of groups, asked about the super group, or about the first there is where the site lacks that. */
export async function examineDataCenterGroups(
  examination: Examination,
  site: Transport,
  superGroup: string,
): Promise<void> {
  const request = (call: string, path: string, query: NonNullable<HttpRequest["query"]> = {}): HttpRequest => ({
    method: "GET",
    call: `GET ${call}`,
    path,
    query,
  });
  const groups = await examination.ask(site, request("/rest/api/group", "/rest/api/group", { limit: 1 }), "groups");
  const name = (await hasSuperGroup()) ? superGroup : textAt(firstIn(groups?.body), "name");
  if (name === null || isUnaddressable(name)) {
    examination.skip("GET /rest/api/group/{groupName}/member and …/groupmember", "no group to ask about", "members");
    return;
  }
  const path = `/rest/api/group/${encodeURIComponent(name)}`;
  const query = { limit: 1, expand: "status" };
  await examination.ask(site, request("/rest/api/group/{groupName}/member", `${path}/member`, query), "group members");
  await examination.ask(
    site,
    request("/rest/api/group/{groupName}/groupmember", `${path}/groupmember`, { limit: 1 }),
    "groups in groups",
  );

  async function hasSuperGroup(): Promise<boolean> {
    const call = "/rest/api/group/{groupName}";
    const neededFor = "who can do everything";
    if (isUnaddressable(superGroup)) {
      examination.skip("super group", "a name with a slash can stand in no path", neededFor);
      return false;
    }
    try {
      await site.send(request(call, `/rest/api/group/${encodeURIComponent(superGroup)}`));
      examination.note("super group", "ok", superGroup, neededFor);
      return true;
    } catch (error) {
      const isMissing = error instanceof SiteError && error.kind === "NotVisible";
      const finding = isMissing
        ? `the site has no group ${superGroup}: name the group whose members administer it in CONFLUENCE_SUPER_GROUP, or superGroup of its entry`
        : reasonOf(error);
      examination.note("super group", "failed", finding, neededFor);
      return false;
    }
  }
}

/** Data Center's web server refuses an encoded slash. */
function isUnaddressable(name: string): boolean {
  return /[/\\]/.test(name);
}
