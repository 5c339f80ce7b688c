import { limits } from "../limits.js";
import { pageScim } from "./lists.js";
import type { ScimCall, ScimRoutes } from "./ScimCall.js";
import { schemaDefinitions } from "./schemaDefinitions.js";
import { schemas } from "./schemas.js";

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
