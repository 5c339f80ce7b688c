import { randomUUID } from "node:crypto";
import { readJson } from "../cloud/readJson.js";
import type { CloudState } from "../cloud/state/CloudState.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { Router } from "../http/Router.js";
import type { SandboxClock } from "../http/SandboxClock.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { Service } from "../http/Service.js";
import type { CredentialBook } from "../oauth/CredentialBook.js";
import { groupRoutes } from "./groupRoutes.js";
import { metadataRoutes } from "./metadataRoutes.js";
import type { ScimHandler } from "./ScimCall.js";
import { ScimDirectory } from "./ScimDirectory.js";
import { schemas } from "./schemas.js";
import { userRoutes } from "./userRoutes.js";

/** What user provisioning needs to answer. */
export interface ScimServiceParts {
  readonly state: CloudState;
  readonly credentials: CredentialBook;
  /** Where the sandbox listens. */
  readonly origin: string;
  readonly clock: SandboxClock;
  readonly showsDeleted?: boolean;
}

const contentType = { "Content-Type": "application/scim+json;charset=UTF-8" } as const;

/** SCIM user provisioning of `api.atlassian.com`, below `/scim/directory/{directoryId}`. It takes its own key and nothing else. */
export function createScimService({
  state,
  credentials,
  origin,
  clock,
  showsDeleted = false,
}: ScimServiceParts): Service {
  const directory = new ScimDirectory(state, { showsDeleted });
  const router = new Router<ScimHandler>();
  for (const [call, handler] of Object.entries({ ...userRoutes, ...groupRoutes, ...metadataRoutes })) {
    router.add(call, handler);
  }

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    try {
      const reply = authorized(request, now);
      return reply.body === undefined ? reply : { ...reply, headers: { ...contentType, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message, code, headers } = error;
      return { status, body: errorBody(status, message, code), headers: { ...contentType, ...headers } };
    }
  }

  function authorized(request: SandboxRequest, now: number): Reply {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const routed = router.find(method, request.path);
    const wrongMethod = routed === null ? router.wrongMethod(method, request.path) : null;
    if (routed === null && wrongMethod === null) {
      throw new Refusal(501, `The sandbox does not emulate ${request.method} ${request.path}.`);
    }
    if (!credentials.isScimKey(request.headers.authorization)) throw new Refusal(401, "Unauthorized");
    if (routed === null) throw wrongMethod;
    const { directoryId = "" } = routed.params;
    if (directoryId !== credentials.current.scim.directoryId) {
      throw new Refusal(404, `Directory ${directoryId} does not exist.`);
    }
    if (request.body === null) throw new Refusal(413, "The request body is larger than 5 MB.");
    return routed.handler({
      state,
      directory,
      base: `${origin}/scim/directory/${directoryId}`,
      params: routed.params,
      query: request.query,
      now,
      json: () => readJson(request),
    });
  }

  return {
    owns: (path) => path === "/scim" || path.startsWith("/scim/"),
    localPath: (path) => path,
    answer,
    error: (_request, status, message) => ({ status, body: errorBody(status, message) }),
  };
}

/** SCIM's own error, but for refused credentials: those never reach SCIM and are worded by what stands before it. */
function errorBody(status: number, detail: string, scimType?: string): unknown {
  if (status === 401 || status === 403) return { error: detail, traceId: randomUUID().replaceAll("-", "") };
  return { schemas: [schemas.error], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail };
}
