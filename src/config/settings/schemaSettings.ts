import { z } from "zod";
import { oneOf, type Setting } from "./Setting.js";

/** How the schema is named and what it offers where other subgraphs stand beside it. */
export const schemaSettings = {
  SCHEMA_PREFIX: {
    section: "Supergraph",
    schema: z
      .string()
      .refine((text) => /^[A-Z][A-Za-z0-9]{0,39}$/.test(text), {
        error: "must be a capital letter and up to 39 letters and digits",
      })
      .optional(),
    type: "a capital letter, letters and digits",
    default: null,
    unset: "names as the documentation has them",
    example: "Confluence",
    isSecret: false,
    doc: "What stands before the names of types and of the fields of Query and Mutation, where another subgraph has the same: ConfluenceAccount, confluenceAccounts. DateTime, Node and PageInfo keep theirs, and ids are the same.",
  },
  SHARED_IDENTITY: {
    section: "Supergraph",
    schema: oneOf(["on", "off"]),
    type: "on or off",
    default: "on",
    example: "off",
    isSecret: false,
    doc: "With SCHEMA_PREFIX: whether Identity keeps its name, so that other subgraphs can name people by it; its field is confluenceAccounts then.",
  },
  NODE_FIELDS: {
    section: "Supergraph",
    schema: oneOf(["on", "off"]).optional(),
    type: "on or off",
    default: null,
    unset: "on without SCHEMA_PREFIX, off with it",
    example: "off",
    isSecret: false,
    doc: "Whether Query has node and nodes; of the subgraphs of one supergraph only one can, and it answers for its own ids.",
  },
  CACHE_HINTS: {
    section: "Supergraph",
    schema: oneOf(["on", "off"]),
    type: "on or off",
    default: "off",
    example: "on",
    isSecret: false,
    doc: "Whether an answer that is given again says for how long it may be kept (Cache-Control: private, max-age), for a router that caches; it keeps it then, whatever is changed meanwhile.",
  },
} as const satisfies Record<string, Setting>;
