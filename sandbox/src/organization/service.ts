import type { CloudState } from "../cloud/state/CloudState.js";
import {
  answerOrRefuse,
  callFor,
  Refusal,
  type Reply,
  Router,
  type SandboxClock,
  type SandboxRequest,
  type Service,
} from "../http/service.js";
import type { CredentialBook } from "../oauth/credentials.js";
import { CallWindow, type InvitationBook, OrganizationDirectory } from "./directory.js";
import { groupAndRoleRoutes } from "./groupsAndRoles.js";
import { adminErrorBody, type OrganizationRoutes } from "./requests.js";
import { userRoutes } from "./users.js";

/** What the organization admin API needs to answer. */
interface OrganizationServiceParts {
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

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    return answerOrRefuse(
      () => authorized(request, now),
      ({ status, message, code, headers }) => ({ status, body: adminErrorBody(status, message, code), headers }),
    );
  }

  function authorized(request: SandboxRequest, now: number): Reply {
    const routed = router.route(request, request.path);
    if (!credentials.isOrganizationKey(request.headers.authorization)) {
      throw new Refusal(401, "The organization API key is missing or wrong.");
    }
    if (routed instanceof Refusal) throw routed;
    const { orgId = "", directoryId } = routed.params;
    const { organization, scim } = credentials.current;
    if (orgId !== organization.orgId)
      throw new Refusal(404, `No organization with id ${orgId} is visible to this key.`);
    if (directoryId !== undefined && directoryId !== "-" && directoryId !== scim.directoryId) {
      throw new Refusal(404, `The organization has no directory with id ${directoryId}.`);
    }
    return routed.handler({
      ...callFor(request, routed, request.path, now),
      state,
      directory,
      invitations,
      lastActive,
      directoryId: scim.directoryId,
      siteResource: `ari:cloud:confluence::site/${state.cloudId}`,
    });
  }

  return {
    owns: (path) => path === "/admin" || path.startsWith("/admin/"),
    localPath: (path) => path,
    answer,
    error: (_request, status, message) => ({ status, body: adminErrorBody(status, message) }),
  };
}

/** Every emulated call of the organization admin API. */
export const organizationRoutes: OrganizationRoutes = {
  "GET /admin/v2/orgs/{orgId}/directories": ({ directoryId }) => ({
    status: 200,
    body: { data: [{ directoryId, name: "Sandbox directory" }], links: {} },
  }),
  ...userRoutes,
  ...groupAndRoleRoutes,
};

/** The same for every sandbox, however often one begins anew. */
const router = new Router(organizationRoutes);
