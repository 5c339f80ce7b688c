import { STATUS_CODES } from "node:http";
import {
  answerOrRefuse,
  callFor,
  methodOf,
  Refusal,
  type Reply,
  Router,
  refuseToEmulate,
  type SandboxClock,
  type SandboxRequest,
  type Service,
} from "../http/service.js";
import type { DataCenterUser } from "../world/World.js";
import type { Authenticator, Caller } from "./authentication.js";
import type { DataCenterOptions } from "./options.js";
import type { DataCenterCall, DataCenterRoute, DataCenterRoutes } from "./requests.js";
import { groupRoutes } from "./rest/groups.js";
import { globalPermissionRoutes, spacePermissionRoutes } from "./rest/permissions.js";
import { spaceRoutes } from "./rest/spaces.js";
import { accountRoutes, userRoutes } from "./rest/users.js";
import { rpcRoutes } from "./rpc.js";
import type { DataCenterState } from "./state/DataCenterState.js";

/** What the Data Center API needs to answer. */
interface DataCenterServiceParts {
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
  const { rpcDisabled = false } = options;

  function localPath(path: string): string | null {
    const { contextPath } = state;
    return path === contextPath || path.startsWith(`${contextPath}/`) ? path.slice(contextPath.length) || "/" : null;
  }

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    // The servlet container takes no encoded slash, wherever it stands (2026-11-21, test "rejects an encoded slash").
    if (/%2f/i.test(request.path)) return htmlPage(400);
    const path = localPath(request.path);
    if (path === null) return htmlPage(404);
    if (path.startsWith("/rpc/") && rpcDisabled !== false) return htmlPage(rpcDisabled === true ? 404 : rpcDisabled);
    return answerOrRefuse(
      () => authorized(request, path, now),
      (refusal) => refuse(request, refusal.status === 405 ? "bare" : kindOf(refusal.code), refusal),
    );
  }

  function authorized(request: SandboxRequest, path: string, now: number): Reply {
    const method = methodOf(request);
    const routed = router.find(method, path);
    const wrongMethod = routed === null ? router.wrongMethod(method, path, isThere) : null;
    const isKnown = wrongMethod !== null || (method === "GET" && isWithSlash(path)) || isOfOtherVersions(method, path);
    if (routed === null && !isKnown) throw refuseToEmulate(request);
    const caller = identify(request);
    if (wrongMethod !== null) throw wrongMethod;
    if (routed === null || !isThere(routed.handler)) {
      throw new Refusal(404, `null for uri: http://${request.headers.host ?? ""}${request.path}`, "bare");
    }
    if (!caller.mayUse) refuseUse(caller.user, path);
    if (!passesXsrfCheck(request)) throw new Refusal(403, "XSRF check failed", "bare");
    const baseUrl = `${configuredOrigin}${state.contextPath}`;
    return routed.handler.handle({ ...callFor(request, routed, path, now), state, options, caller, baseUrl });
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

/** Writes that a form could send, which is all but JSON, need a header that a form cannot send. */
function passesXsrfCheck({ method, headers }: SandboxRequest): boolean {
  if (method === "GET" || method === "HEAD") return true;
  if (/^application\/([\w.+-]+\+)?json\b/i.test(headers["content-type"] ?? "")) return true;
  return /^no-?check$/i.test(String(headers["x-atlassian-token"] ?? ""));
}

const serverInformationPath = "/rest/api/server-information";
const permissions = /^\/rest\/api\/(permissions|space\/[^/]+\/permissions)(\/|$)/;

/**
 * Refuses somebody, or nobody, who may not use the site: 403, but 401 to nobody where being signed in is what is missing. What
 * the server says of itself is for all who are signed in, and JSON-RPC has words of its own.
 */
function refuseUse(user: DataCenterUser | null, path: string): void {
  if (user === null && path === serverInformationPath) {
    throw new Refusal(401, "Client must be authenticated to access this resource.", "bare");
  }
  if (user === null && permissions.test(path)) throw new Refusal(401, "User is not authenticated.");
  if (user !== null && (path === serverInformationPath || path.startsWith("/rpc/"))) return;
  throw new Refusal(403, `Not permitted to use confluence : ${user?.username ?? "null"}`);
}

/**
 * How an error is worded. `entity`: by a route, about what was asked of it. `bare`: before any route, when there is none or
 * the caller is nobody. `filter`: by a servlet filter, which knows no status in the body.
 */
type ErrorKind = "entity" | "bare" | "filter";

/** The JSON body of an error. */
function errorBody(kind: ErrorKind, status: number, message: string): unknown {
  if (kind === "filter") return { message };
  if (kind === "bare") return { message, "status-code": status };
  const isBadInput = status === 400;
  return {
    statusCode: status,
    data: {
      authorized: isBadInput,
      valid: !isBadInput,
      errors: isBadInput ? [{ message: { translation: message, args: [] } }] : [],
      successful: false,
    },
    message,
    reason: STATUS_CODES[status] ?? "Unknown",
  };
}

/** What XML cannot hold, however it is written: control characters, halves of characters and two that are none. */
const unspeakable = /[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu;

/** An error for a caller that did not ask for JSON. */
function xmlError(status: number, message: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return `${declaration}<status><status-code>${status}</status-code><message>${escaped(message)}</message></status>`;
}

function escaped(text: string): string {
  return text.replace(unspeakable, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The page of the servlet container, which answers before Confluence sees the call. */
function htmlPage(status: number): Reply {
  const title = `HTTP Status ${status} – ${STATUS_CODES[status] ?? "Unknown"}`;
  const body = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, body, headers: { "Content-Type": "text/html;charset=utf-8" } };
}

/** Whether an `Accept` header asks for JSON by name. `*` of any kind does not: Confluence then answers errors as XML. */
function acceptsJson(accept: string | undefined): boolean {
  return /\bapplication\/([\w.-]+\+)?json\b/i.test(accept ?? "");
}

/** What the instance says of itself. */
const serverRoutes: DataCenterRoutes = {
  "GET /rest/api/server-information": { handle: serverInformation },
};

function serverInformation({ caller, baseUrl, state }: DataCenterCall): Reply {
  if (caller.user === null) throw new Refusal(401, "Client must be authenticated to access this resource.", "bare");
  const [major = 0, minor = 0] = state.version.text.split(".").map(Number);
  const buildNumber = major * 1_000 + minor * 10;
  return {
    status: 200,
    body: {
      baseUrl,
      version: state.version.text,
      buildNumber,
      marketplaceBuildNumber: buildNumber,
      buildDate: "2026-01-01T00:00:00Z",
    },
  };
}

/** How far the tasks are that a 202 names. Confluence's document has two addresses for it, one of them in an example only. */
const longTaskRoutes: DataCenterRoutes = {
  "GET /rest/api/longtask/{id}": { handle: taskStatus },
  "GET /rest/api/longtask/{id}/status": { handle: taskStatus },
};

function taskStatus({ state, params, now, baseUrl, path }: DataCenterCall): Reply {
  const id = params.id ?? "";
  const task = state.pending.task(id);
  if (task === undefined) throw new Refusal(404, `No long task found with id : ${id}`);
  const isFinished = task.dueAt <= now;
  return {
    status: 200,
    body: {
      id,
      name: { key: "com.atlassian.confluence.longtask", args: [], translation: "Long task" },
      // What it took, once it has finished.
      elapsedTime: Math.min(now, task.dueAt) - task.startedAt,
      percentageComplete: isFinished ? 100 : 0,
      successful: isFinished,
      messages: [],
      _links: { self: `${baseUrl}${path}`, base: baseUrl, context: state.contextPath },
    },
  };
}

/** Every emulated call. */
export const dataCenterRoutes: DataCenterRoutes = {
  ...serverRoutes,
  ...longTaskRoutes,
  ...userRoutes,
  ...accountRoutes,
  ...groupRoutes,
  ...spaceRoutes,
  ...spacePermissionRoutes,
  ...globalPermissionRoutes,
  ...rpcRoutes,
};

/** The same for every sandbox, however often one begins anew. */
const router = new Router(dataCenterRoutes, notEmulated);
