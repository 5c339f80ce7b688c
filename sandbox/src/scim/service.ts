import { randomUUID } from "node:crypto";
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
import { limits } from "../limits.js";
import type { CredentialBook } from "../oauth/credentials.js";
import { type ScimCall, ScimDirectory, type ScimRoutes } from "./directory.js";
import { groupRoutes } from "./groups.js";
import { pageScim } from "./protocol.js";
import { schemaDefinitions, schemas } from "./schemas.js";
import { userRoutes } from "./users.js";

/** What user provisioning needs to answer. */
interface ScimServiceParts {
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

  function answer(request: SandboxRequest): Reply {
    const now = clock.now();
    state.pending.settle(now);
    const reply = answerOrRefuse(
      () => authorized(request, now),
      ({ status, message, code, headers }) => ({ status, body: errorBody(status, message, code), headers }),
    );
    return reply.body === undefined ? reply : { ...reply, headers: { ...contentType, ...reply.headers } };
  }

  function authorized(request: SandboxRequest, now: number): Reply {
    const routed = router.route(request, request.path);
    if (!credentials.isScimKey(request.headers.authorization)) throw new Refusal(401, "Unauthorized");
    if (routed instanceof Refusal) throw routed;
    const { directoryId = "" } = routed.params;
    if (directoryId !== credentials.current.scim.directoryId) {
      throw new Refusal(404, `Directory ${directoryId} does not exist.`);
    }
    const base = `${origin}/scim/directory/${directoryId}`;
    return routed.handler({ ...callFor(request, routed, request.path, now), state, directory, base });
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

const root = "/scim/directory/{directoryId}";

/** What the directory can do and what its resources are made of. The document leaves their bodies open; these are the standard's. */
export const metadataRoutes: ScimRoutes = {
  [`GET ${root}/ServiceProviderConfig`]: ({ base }) => ({
    status: 200,
    body: {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: limits.scimMaxCount },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      authenticationSchemes: [
        {
          type: "oauthbearertoken",
          name: "OAuth Bearer Token",
          description: "The API key of the directory as Bearer.",
          specUri: "https://www.rfc-editor.org/info/rfc6750",
          primary: true,
        },
      ],
      meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
    },
  }),
  [`GET ${root}/ResourceTypes`]: (call) =>
    pageScim(new URLSearchParams(), ["User", "Group"] as const, (name) => resourceType(call, name)),
  [`GET ${root}/ResourceTypes/User`]: (call) => ({ status: 200, body: resourceType(call, "User") }),
  [`GET ${root}/ResourceTypes/Group`]: (call) => ({ status: 200, body: resourceType(call, "Group") }),
  [`GET ${root}/Schemas`]: (call) =>
    pageScim(new URLSearchParams(), [...schemaDefinitions.keys()], (id) => schema(call, id)),
  [`GET ${root}/Schemas/${schemas.user}`]: (call) => ({ status: 200, body: schema(call, schemas.user) }),
  [`GET ${root}/Schemas/${schemas.group}`]: (call) => ({ status: 200, body: schema(call, schemas.group) }),
  [`GET ${root}/Schemas/${schemas.enterprise}`]: (call) => ({ status: 200, body: schema(call, schemas.enterprise) }),
};

function resourceType({ base }: ScimCall, name: "User" | "Group"): unknown {
  const id = name === "User" ? schemas.user : schemas.group;
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: name,
    name,
    description: schemaDefinitions.get(id)?.description,
    endpoint: `/${name}s`,
    schema: id,
    ...(name === "User" ? { schemaExtensions: [{ schema: schemas.enterprise, required: false }] } : {}),
    meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${name}` },
  };
}

function schema({ base }: ScimCall, id: string): unknown {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id,
    ...schemaDefinitions.get(id),
    meta: { resourceType: "Schema", location: `${base}/Schemas/${id}` },
  };
}

/** The same for every sandbox, however often one begins anew. */
const router = new Router({ ...userRoutes, ...groupRoutes, ...metadataRoutes });
