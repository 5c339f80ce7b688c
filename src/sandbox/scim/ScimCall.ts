import type { CloudState } from "../cloud/state/CloudState.js";
import type { Reply } from "../http/Reply.js";
import type { ScimDirectory } from "./ScimDirectory.js";

/** One authorized SCIM call, as its handler sees it. */
export interface ScimCall {
  readonly state: CloudState;
  readonly directory: ScimDirectory;
  /** `{origin}/scim/directory/{directoryId}`: what `meta.location` and `$ref` begin with. */
  readonly base: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly now: number;
  /** The JSON body. Refuses with 400 or 415 when there is none. */
  json(): unknown;
}

export type ScimHandler = (call: ScimCall) => Reply;

/** Handlers by `METHOD /scim/directory/{directoryId}/…`. */
export type ScimRoutes = Readonly<Record<string, ScimHandler>>;
