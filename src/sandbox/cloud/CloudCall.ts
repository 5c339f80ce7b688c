import type { Reply } from "../http/Reply.js";
import type { CloudState } from "./state/CloudState.js";

/** One authorized call to the Cloud API, as its handler sees it. */
export interface CloudCall {
  readonly state: CloudState;
  /** Below the site, without the gateway's prefix: `/wiki/api/v2/spaces`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The site's address, without a trailing slash: what `_links.base` begins with. */
  readonly siteUrl: string;
  /** E-mail of the credential. */
  readonly callerEmail: string;
  readonly now: number;
  /** The JSON body. Refuses with 400 or 415 when there is none. */
  json(): unknown;
}

export type CloudHandler = (call: CloudCall) => Reply;

/** Handlers by `METHOD /path/{parameter}`. */
export type CloudRoutes = Readonly<Record<string, CloudHandler>>;
