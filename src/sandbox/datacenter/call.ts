import type { DataCenterOptions, Version } from "./options.js";
import type { Call, Reply } from "../http/service.js";
import type { Caller } from "./authentication.js";
import { type DataCenterState } from "./state/DataCenterState.js";

/** One call whose credential was accepted, as its handler sees it; its path is below the context path: `/rest/api/group`. */
export interface DataCenterCall extends Call {
  readonly state: DataCenterState;
  readonly options: DataCenterOptions;
  readonly caller: Caller;
  /** What the administrator configured as the base URL: links begin with it, but nobody can reach it. */
  readonly baseUrl: string;
}

/** One route. */
export interface DataCenterRoute {
  /** The first version that has it; every version when absent. */
  readonly since?: Version;
  /** Throws `Refusal` for what it refuses. */
  readonly handle: (call: DataCenterCall) => Reply;
}

/** Routes by `METHOD /path/{parameter}`, below the context path. */
export type DataCenterRoutes = Readonly<Record<string, DataCenterRoute>>;
