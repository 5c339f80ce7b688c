import type { Reply } from "../http/Reply.js";
import type { Caller } from "./Caller.js";
import type { DataCenterOptions } from "./DataCenterOptions.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import type { Version } from "./Version.js";

/** One call to the Data Center API whose credential was accepted, as its handler sees it. */
export interface DataCenterCall {
  readonly state: DataCenterState;
  readonly options: DataCenterOptions;
  /** Below the context path: `/rest/api/group`. */
  readonly path: string;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  /** What the administrator configured as the base URL: links begin with it, but nobody can reach it. */
  readonly baseUrl: string;
  readonly now: number;
  /** The JSON body. Refuses with 400 or 415 when there is none. */
  json(): unknown;
}

/** Throws `Refusal` for what it refuses. */
export type DataCenterHandler = (call: DataCenterCall) => Reply;

/** One route. */
export interface DataCenterRoute {
  /** The first version that has it; every version when absent. */
  readonly since?: Version;
  readonly handle: DataCenterHandler;
}

/** Routes by `METHOD /path/{parameter}`, below the context path. */
export type DataCenterRoutes = Readonly<Record<string, DataCenterRoute>>;
