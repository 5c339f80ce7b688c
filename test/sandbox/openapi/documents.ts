import { existsSync } from "node:fs";
import { join } from "node:path";
import { cloudRoutes } from "../../../sandbox/src/cloud/service.js";
import { dataCenterRoutes } from "../../../sandbox/src/datacenter/service.js";
import { groupRoutes } from "../../../sandbox/src/scim/groups.js";
import { metadataRoutes } from "../../../sandbox/src/scim/service.js";
import { userRoutes } from "../../../sandbox/src/scim/users.js";

/** Where Atlassian's OpenAPI documents lie: they are not ours to ship. */
const folder = process.env.OPENAPI_DOCUMENTS || join(import.meta.dirname, "../../../../shared/openapi");

/** What a comparison that did not take place says of itself. */
export const whySkipped =
  "Atlassian's documents are not there (OPENAPI_DOCUMENTS names their folder): nothing was compared";

export const documents = {
  v1: { file: join(folder, "confluence-cloud-v1.json"), prefix: "" },
  v2: { file: join(folder, "confluence-cloud-v2.json"), prefix: "/wiki/api/v2" },
  dataCenter: { file: join(folder, "confluence-data-center-10.0.3.json"), prefix: "" },
  scim: { file: join(folder, "atlassian-scim-2022.json"), prefix: "" },
} as const;

type Document = (typeof documents)[keyof typeof documents];

/** An API of the sandbox that Atlassian describes. The organization's admin API is described in no document. */
export interface DescribedApi {
  readonly name: string;
  /** As `METHOD /path/{parameter}`. */
  readonly routes: readonly string[];
  readonly documents: readonly Document[];
  /** Routes that no document has, and why they are emulated all the same. */
  readonly undocumented: Readonly<Record<string, string>>;
}

const rpc = "JSON-RPC has no document, and clients of versions before 9.1 have nothing else";

export const describedApis: readonly DescribedApi[] = [
  {
    name: "Confluence Cloud",
    routes: Object.keys(cloudRoutes),
    documents: [documents.v1, documents.v2],
    undocumented: {},
  },
  {
    name: "Confluence Data Center",
    routes: Object.keys(dataCenterRoutes),
    documents: [documents.dataCenter],
    undocumented: {
      "POST /rpc/json-rpc/confluenceservice-v2": rpc,
      "POST /rpc/json-rpc/confluenceservice-v2/{method}": rpc,
      "GET /rest/mobile/1.0/profile/{username}": "what tells e-mail addresses before 10.2",
      "GET /rest/api/longtask/{id}/status": "documented as the address that a 202 names, and nowhere else",
    },
  },
  {
    name: "SCIM",
    routes: Object.keys({ ...userRoutes, ...groupRoutes, ...metadataRoutes }),
    documents: [documents.scim],
    undocumented: {},
  },
];

export function isThere(...wanted: readonly Document[]): boolean {
  return wanted.every(({ file }) => existsSync(file));
}
