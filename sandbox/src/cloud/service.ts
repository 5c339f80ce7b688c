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
import { type CredentialBook, scopes } from "../oauth/credentials.js";
import type { CloudRoutes } from "./requests.js";
import type { CloudState } from "./state/CloudState.js";
import { groupRoutes } from "./v1/groups.js";
import { spacePermissionRoutes } from "./v1/spacePermissions.js";
import { userRoutes } from "./v1/users.js";
import { roleRoutes } from "./v2/roles.js";
import { spaceRoutes } from "./v2/spaces.js";
import { userRoutes as userRoutesV2 } from "./v2/users.js";

/** What the Cloud API needs to answer. */
interface CloudServiceParts {
  readonly state: CloudState;
  readonly siteUrl: string;
  readonly credentials: CredentialBook;
  readonly clock: SandboxClock;
}

const tenantInfo = "/_edge/tenant_info";
/** Calls at emulated paths that Confluence has besides. */
const notEmulated = ["POST /wiki/api/v2/spaces"];
const gateway = /^\/ex\/confluence\/([^/]*)(\/.*)?$/;

/**
 * Confluence Cloud, v1 and v2, on the site's own address and behind the gateway's prefix `/ex/confluence/{cloudId}`. A path
 * that is not emulated answers 501 and names itself, so that it never looks like a missing object.
 */
export function createCloudService({ state, siteUrl, credentials, clock }: CloudServiceParts): Service {
  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    const viaGateway = gateway.exec(request.path);
    if (viaGateway !== null && viaGateway[1] !== state.cloudId) return unknownCloud(request.path, now);
    if (request.path === tenantInfo && request.method === "GET") {
      return { status: 200, body: { cloudId: state.cloudId } };
    }
    const path = localPath(request.path);
    return answerOrRefuse(
      () => authorized(request, path, viaGateway !== null, now),
      ({ status, message, code, headers }) => ({ status, body: errorBody(path, status, message, code), headers }),
    );
  }

  function authorized(request: SandboxRequest, path: string, isViaGateway: boolean, now: number): Reply {
    const routed = router.route(request, path);
    const { authorization } = request.headers;
    const caller = isViaGateway ? credentials.forGateway(authorization, now) : credentials.forSite(authorization);
    if (caller === null) {
      if (isViaGateway) return gatewayRefusal("Unauthorized", "FAILURE_CLIENT_AUTH_MISMATCH");
      throw new Refusal(401, "Unauthorized: the credential is missing or wrong.");
    }
    if (routed instanceof Refusal) throw routed;
    const { scopes: held } = caller;
    // A call without a row would be open to every credential: it needs a scope that nobody has.
    if (held !== null && scopes[routed.call]?.some((needed) => needed.every((scope) => held.has(scope))) !== true) {
      return gatewayRefusal("Unauthorized; scope does not match", "FAILURE_CLIENT_SCOPE_CHECK");
    }
    return routed.handler({ ...callFor(request, routed, path, now), state, siteUrl, callerEmail: caller.email });
  }

  return {
    owns: (path) => path === "/wiki" || path.startsWith("/wiki/") || path === tenantInfo || gateway.test(path),
    localPath,
    answer,
    error: ({ path }, status, message) => ({ status, body: errorBody(localPath(path), status, message) }),
  };
}

function localPath(path: string): string {
  const viaGateway = gateway.exec(path);
  return viaGateway === null ? path : (viaGateway[2] ?? "/");
}

/** The gateway's own 401, the same in v1 and v2: an expired token and an unknown one look alike, a missing scope does not. */
function gatewayRefusal(message: string, category: string): Reply {
  return { status: 401, body: { code: 401, message }, headers: { "X-Failure-Category": category } };
}

/** The gateway itself answers for a site it does not know, before it looks at any credential. */
function unknownCloud(path: string, now: number): Reply {
  return {
    status: 404,
    body: {
      timestamp: new Date(now).toISOString(),
      status: 404,
      error: "Not Found",
      path,
      message: "No message available",
    },
  };
}

const codes: Readonly<Record<number, string>> = {
  400: "INVALID_REQUEST_PARAMETER",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "TOO_MANY_REQUESTS",
  501: "NOT_IMPLEMENTED",
  503: "SERVICE_UNAVAILABLE",
};

/** An error as v2 (paths below `/wiki/api/v2`) or v1 words it. v1 answers in two shapes; the short one carries no data. */
function errorBody(path: string, status: number, message: string, code?: string): unknown {
  if (path.startsWith("/wiki/api/v2/")) {
    const known = code ?? codes[status] ?? (status < 500 ? "INVALID_REQUEST" : "INTERNAL_SERVER_ERROR");
    return { errors: [{ status, code: known, title: message, detail: null }] };
  }
  if (status !== 400 && status !== 403 && status !== 404) return { statusCode: status, message };
  return {
    statusCode: status,
    data: {
      authorized: status === 400,
      valid: false,
      errors: [{ message: { translation: message, args: [] } }],
      successful: false,
    },
    message,
  };
}

/** How far the tasks are that a 202 names. */
const longTaskRoutes: CloudRoutes = {
  "GET /wiki/rest/api/longtask/{id}": ({ state, params, now, siteUrl, path }) => {
    const id = params.id ?? "";
    const task = state.pending.task(id);
    if (task === undefined) throw new Refusal(404, `No task with id ${id} is visible to you.`);
    const isFinished = task.dueAt <= now;
    return {
      status: 200,
      body: {
        id,
        name: { key: "com.atlassian.confluence.spaceroles.update", args: [] },
        elapsedTime: now - task.startedAt,
        percentageComplete: isFinished ? 100 : 0,
        successful: isFinished,
        finished: isFinished,
        messages: [],
        _links: { base: `${siteUrl}/wiki`, context: "/wiki", self: `${siteUrl}${path}` },
      },
    };
  },
};

/** Every emulated call. */
export const cloudRoutes: CloudRoutes = {
  ...groupRoutes,
  ...userRoutes,
  ...spacePermissionRoutes,
  ...longTaskRoutes,
  ...spaceRoutes,
  ...roleRoutes,
  ...userRoutesV2,
};

/** The same for every sandbox, however often one begins anew. */
const router = new Router(cloudRoutes, notEmulated);
