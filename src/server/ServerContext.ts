import type { RequestFacts } from "./RequestFacts.js";

/** What a GraphQL context holds at least: the facts it was made from, the same object. */
export interface ServerContext {
  readonly request: RequestFacts;
}
