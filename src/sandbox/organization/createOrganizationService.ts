import { readJson } from "../cloud/readJson.js";
import type { CloudState } from "../cloud/state/CloudState.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { Router } from "../http/Router.js";
import type { SandboxClock } from "../http/SandboxClock.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { Service } from "../http/Service.js";
import type { CredentialBook } from "../oauth/CredentialBook.js";
import { adminErrorBody } from "./adminErrorBody.js";
import { CallWindow } from "./CallWindow.js";
import type { InvitationBook } from "./InvitationBook.js";
import type { OrganizationHandler } from "./OrganizationCall.js";
import { OrganizationDirectory } from "./OrganizationDirectory.js";
import { organizationRoutes } from "./organizationRoutes.js";

/** What the organization admin API needs to answer. */
export interface OrganizationServiceParts {
  readonly state: CloudState;
  readonly credentials: CredentialBook;
  readonly invitations: InvitationBook;
  readonly lastActivePerMinute: number;
  readonly clock: SandboxClock;
}

/** The organization admin API of `api.atlassian.com`, below `/admin`. It takes the organization's key and nothing else. */
export function createOrganizationService(parts: OrganizationServiceParts): Service {
  const { state, credentials, invitations, clock } = parts;
  const directory = new OrganizationDirectory(state);
  const lastActive = new CallWindow(parts.lastActivePerMinute);
  const router = new Router<OrganizationHandler>();
  for (const [call, handler] of Object.entries(organizationRoutes)) router.add(call, handler);

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    try {
      return authorized(request, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message, code, headers } = error;
      return { status, body: adminErrorBody(status, message, code), headers };
    }
  }

  function authorized(request: SandboxRequest, now: number): Reply {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const routed = router.find(method, request.path);
    const wrongMethod = routed === null ? router.wrongMethod(method, request.path) : null;
    if (routed === null && wrongMethod === null) {
      throw new Refusal(501, `The sandbox does not emulate ${request.method} ${request.path}.`);
    }
    if (!credentials.isOrganizationKey(request.headers.authorization)) {
      throw new Refusal(401, "The organization API key is missing or wrong.");
    }
    if (routed === null) throw wrongMethod;
    const { orgId = "", directoryId } = routed.params;
    const { organization, scim } = credentials.current;
    if (orgId !== organization.orgId)
      throw new Refusal(404, `No organization with id ${orgId} is visible to this key.`);
    if (directoryId !== undefined && directoryId !== "-" && directoryId !== scim.directoryId) {
      throw new Refusal(404, `The organization has no directory with id ${directoryId}.`);
    }
    if (request.body === null) throw new Refusal(413, "The request body is larger than 5 MB.");
    return routed.handler({
      state,
      directory,
      invitations,
      lastActive,
      directoryId: scim.directoryId,
      siteResource: `ari:cloud:confluence::site/${state.cloudId}`,
      path: request.path,
      params: routed.params,
      query: request.query,
      now,
      json: () => readJson(request),
    });
  }

  return {
    owns: (path) => path === "/admin" || path.startsWith("/admin/"),
    localPath: (path) => path,
    answer,
    error: (_request, status, message) => ({ status, body: adminErrorBody(status, message) }),
  };
}
