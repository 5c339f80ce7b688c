import type { CreateSubgraph } from "./compose/embedding/Subgraph.js";

export type {
  CreateSubgraph,
  Subgraph,
  SubgraphLogger,
  SubgraphOptions,
  SubgraphReadiness,
} from "./compose/embedding/Subgraph.js";
export type { SubgraphSettings } from "./compose/embedding/SubgraphSettings.js";

/** The subgraph for a program that has a server already: docs/embedding.md. */
export const createSubgraph: CreateSubgraph = async (options) => {
  // Whoever imports this first for its types, or to set NODE_ENV, has not loaded the libraries of a server yet.
  const { openSubgraph } = await import("./compose/embedding/openSubgraph.js");
  return openSubgraph(options);
};
