import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { Router } from "../http/Router.js";
import type { SandboxClock } from "../http/SandboxClock.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { Service } from "../http/Service.js";
import type { CredentialBook } from "../oauth/CredentialBook.js";
import { scopes } from "../oauth/scopes.js";
import type { CloudHandler } from "./CloudCall.js";
import { cloudRoutes } from "./cloudRoutes.js";
import { errorBody } from "./errorBody.js";
import { readJson } from "./readJson.js";
import type { CloudState } from "./state/CloudState.js";

/** What the Cloud API needs to answer. */
export interface CloudServiceParts {
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
  const router = new Router<{ readonly call: string; readonly handle: CloudHandler }>(notEmulated);
  for (const [call, handle] of Object.entries(cloudRoutes)) router.add(call, { call, handle });

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    const viaGateway = gateway.exec(request.path);
    if (viaGateway !== null && viaGateway[1] !== state.cloudId) return unknownCloud(request.path, now);
    if (request.path === tenantInfo && request.method === "GET") {
      return { status: 200, body: { cloudId: state.cloudId } };
    }
    const path = localPath(request.path);
    try {
      return authorized(request, path, viaGateway !== null, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message, code, headers } = error;
      return { status, body: errorBody(path, status, message, code), headers };
    }
  }

  function authorized(request: SandboxRequest, path: string, isViaGateway: boolean, now: number): Reply {
    // What answers GET answers HEAD, and the server leaves the body out.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const routed = router.find(method, path);
    const wrongMethod = routed === null ? router.wrongMethod(method, path) : null;
    if (routed === null && wrongMethod === null) {
      throw new Refusal(501, `The sandbox does not emulate ${request.method} ${request.path}.`);
    }
    const { authorization } = request.headers;
    const caller = isViaGateway ? credentials.forGateway(authorization, now) : credentials.forSite(authorization);
    if (caller === null) {
      if (isViaGateway) return gatewayRefusal("Unauthorized", "FAILURE_CLIENT_AUTH_MISMATCH");
      throw new Refusal(401, "Unauthorized: the credential is missing or wrong.");
    }
    if (routed === null) throw wrongMethod;
    const { call, handle } = routed.handler;
    const { scopes: held } = caller;
    // A call without a row would be open to every credential: it needs a scope that nobody has.
    if (held !== null && scopes[call]?.some((needed) => needed.every((scope) => held.has(scope))) !== true) {
      return gatewayRefusal("Unauthorized; scope does not match", "FAILURE_CLIENT_SCOPE_CHECK");
    }
    if (request.body === null) throw new Refusal(413, "The request body is larger than 5 MB.");
    return handle({
      state,
      path,
      params: routed.params,
      query: request.query,
      siteUrl,
      callerEmail: caller.email,
      now,
      json: () => readJson(request),
    });
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
