import { cloudRoutes } from "../../sandbox/src/cloud/service.js";
import { dataCenterRoutes } from "../../sandbox/src/datacenter/service.js";
import { Router } from "../../sandbox/src/http/service.js";
import { organizationRoutes } from "../../sandbox/src/organization/service.js";
import { groupRoutes } from "../../sandbox/src/scim/groups.js";
import { metadataRoutes } from "../../sandbox/src/scim/service.js";
import { userRoutes } from "../../sandbox/src/scim/users.js";

const router = new Router<string>();
for (const routes of [cloudRoutes, dataCenterRoutes, organizationRoutes, userRoutes, groupRoutes, metadataRoutes]) {
  for (const call of Object.keys(routes)) router.add(call, call);
}
// The product asks for it, no site of the sandbox has it: one call all the same, and not one for each group.
const unserved = "GET /rest/api/group/{groupName}/groupparent";
router.add(unserved, unserved);

/** What addresses a service and not a call: the gateway's prefix, the context path. */
const prefixes = [/^\/ex\/confluence\/[^/]+(?=\/)/, /^\/confluence(?=\/(?:rest|rpc)\/)/];

/**
 * A call as the sandbox's own tables name it: `GET /wiki/api/v2/spaces/{id}/permissions`. What no table holds keeps its path, so
 * that it is swept as well.
 */
export function routeName(method: string, path: string): string {
  const local = prefixes.reduce((text, prefix) => text.replace(prefix, ""), path);
  const routed = router.find(method, local);
  if (routed === null) return `${method} ${local}`;
  // One call for many methods: each of them is a route of its own.
  return routed.handler.replace("{method}", routed.params.method ?? "");
}
