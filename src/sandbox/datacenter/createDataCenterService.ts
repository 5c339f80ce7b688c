import { readJson } from "../cloud/readJson.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { Router } from "../http/Router.js";
import type { SandboxClock } from "../http/SandboxClock.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { Service } from "../http/Service.js";
import type { Authenticator } from "./Authenticator.js";
import type { Caller } from "./Caller.js";
import type { DataCenterRoute } from "./DataCenterCall.js";
import type { DataCenterOptions } from "./DataCenterOptions.js";
import { dataCenterRoutes } from "./dataCenterRoutes.js";
import { passesXsrfCheck, refuseUse } from "./entrance.js";
import { acceptsJson, type ErrorKind, errorBody, htmlPage, xmlError } from "./errors.js";
import type { DataCenterState } from "./state/DataCenterState.js";

/** What the Data Center API needs to answer. */
export interface DataCenterServiceParts {
  readonly state: DataCenterState;
  readonly authenticator: Authenticator;
  readonly options: DataCenterOptions;
  readonly clock: SandboxClock;
}

/** Calls at emulated paths that Confluence has besides. */
const notEmulated = [
  "PUT /rest/api/user/current",
  "POST /rest/api/space",
  "PUT /rest/api/space/{spaceKey}",
  "DELETE /rest/api/space/{spaceKey}",
  "POST /rest/api/space/{spaceKey}/permissions",
  "PUT /rest/api/permissions",
];

/** Links of a real instance often name an address that only its own network knows: nothing answers here. */
const configuredOrigin = "https://wiki.internal.example";

/**
 * Confluence Data Center below its context path. A route that its version lacks is missing, as Confluence says it; a path
 * that is not emulated answers 501 and names itself, so that it never looks like a missing object.
 */
export function createDataCenterService({ state, authenticator, options, clock }: DataCenterServiceParts): Service {
  const router = new Router<DataCenterRoute>(notEmulated);
  for (const [call, route] of Object.entries(dataCenterRoutes)) router.add(call, route);

  const { rpcDisabled = false } = options;

  function localPath(path: string): string | null {
    const { contextPath } = state;
    return path === contextPath || path.startsWith(`${contextPath}/`) ? path.slice(contextPath.length) || "/" : null;
  }

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.tasks.settle(now);
    // The servlet container takes no encoded slash, wherever it stands (2026-11-21, test "rejects an encoded slash").
    if (/%2f/i.test(request.path)) return htmlPage(400);
    const path = localPath(request.path);
    if (path === null) return htmlPage(404);
    if (path.startsWith("/rpc/") && rpcDisabled !== false) return htmlPage(rpcDisabled === true ? 404 : rpcDisabled);
    try {
      return authorized(request, path, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(request, error.status === 405 ? "bare" : kindOf(error.code), error);
    }
  }

  function authorized(request: SandboxRequest, path: string, now: number): Reply {
    // What answers GET answers HEAD, and the server leaves the body out.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const routed = router.find(method, path);
    const wrongMethod = routed === null ? router.wrongMethod(method, path, isThere) : null;
    const isKnown = wrongMethod !== null || (method === "GET" && isWithSlash(path)) || isOfOtherVersions(method, path);
    if (routed === null && !isKnown) {
      throw new Refusal(501, `The sandbox does not emulate ${request.method} ${request.path}.`);
    }
    const caller = identify(request);
    if (wrongMethod !== null) throw wrongMethod;
    if (routed === null || !isThere(routed.handler)) {
      throw new Refusal(404, `null for uri: http://${request.headers.host ?? ""}${request.path}`, "bare");
    }
    if (!caller.mayUse) refuseUse(caller.user, path);
    if (!passesXsrfCheck(request)) throw new Refusal(403, "XSRF check failed", "bare");
    if (request.body === null) throw new Refusal(413, "The request body is larger than 5 MB.");
    return routed.handler.handle({
      state,
      options,
      path,
      params: routed.params,
      query: request.query,
      caller,
      baseUrl: `${configuredOrigin}${state.contextPath}`,
      now,
      json: () => readJson(request),
    });
  }

  function isThere({ since }: DataCenterRoute): boolean {
    return since === undefined || state.version.isAtLeast(since);
  }

  function isOfOtherVersions(method: string, path: string): boolean {
    return router.wrongMethod(method, path) !== null;
  }

  /** Confluence has no route that ends in a slash (2026-11-21, test "takes group/ for a route that is missing"). */
  function isWithSlash(path: string): boolean {
    return path.endsWith("/") && router.find("GET", path.replace(/\/+$/, "")) !== null;
  }

  function identify(request: SandboxRequest): Caller {
    const identified = authenticator.identify(request);
    if ("caller" in identified) return identified.caller;
    switch (identified.refusal) {
      case "basic-off":
        throw new Refusal(403, "Basic Authentication has been disabled on this instance.", "filter");
      case "bad-password":
        throw new Refusal(401, "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED", "bare");
      default:
        throw new Refusal(401, "Client must be authenticated to access this resource.", "bare");
    }
  }

  return {
    // It has the address to itself: what is not below the context path is missing, not another API's.
    owns: () => true,
    localPath: (path) => localPath(path) ?? path,
    answer,
    error: (request, status, message) =>
      localPath(request.path) === null
        ? htmlPage(status)
        : refuse(request, status === 429 ? "filter" : "entity", { status, message }),
  };
}

/** JSON for who asks for it by name, XML for others. Filters answer before anybody looks at that. */
function refuse(
  { headers }: SandboxRequest,
  kind: ErrorKind,
  { status, message, headers: own = {} }: Pick<Refusal, "status" | "message"> & Partial<Pick<Refusal, "headers">>,
): Reply {
  if (kind === "filter" || acceptsJson(headers.accept)) {
    return { status, body: errorBody(kind, status, message), headers: own };
  }
  const xml = { "Content-Type": "application/xml;charset=UTF-8" };
  return { status, body: xmlError(status, message), headers: { ...xml, ...own } };
}

function kindOf(code: string | undefined): ErrorKind {
  return code === "bare" || code === "filter" ? code : "entity";
}
