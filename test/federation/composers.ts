import * as apollo from "@apollo/composition";
import * as guild from "@theguild/federation-composition";
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from "@wundergraph/composition";
import { buildASTSchema, type DocumentNode, Kind, parse, printSchema, validate } from "graphql";
import type { Subgraph } from "./startGateways.js";

/** What came of composing: every error and every hint, and what routers are given where there are no errors. */
export interface Composed {
  readonly errors: readonly string[];
  readonly hints: readonly string[];
  /** What Apollo's gateway and Hive's start from. Cosmo's router starts from a configuration of its own. */
  readonly supergraphSdl: string | null;
  /** The fields of a type, in the schema of the supergraph. */
  fieldsOf(type: string): string[];
  /** Why a query cannot be asked of it. */
  faultsOf(query: string): string[];
}

type Compose = (subgraphs: readonly Subgraph[]) => Composed;

/** The composers that the routers in use come with: Apollo's, Hive's and Cosmo's. */
export const composers: Readonly<Record<string, Compose>> = {
  "@apollo/composition": (subgraphs) => {
    const { errors = [], hints = [], supergraphSdl = null } = apollo.composeServices(parsed(subgraphs));
    return {
      errors: errors.map(({ message }) => message),
      hints: hints.map(({ message }) => message),
      supergraphSdl,
      ...readable(supergraphSdl),
    };
  },
  "@theguild/federation-composition": (subgraphs) => {
    const { errors = [], supergraphSdl = null } = guild.composeServices(parsed(subgraphs));
    return {
      errors: errors.map(({ message }) => message),
      // It has none to give.
      hints: [],
      supergraphSdl,
      ...readable(supergraphSdl),
    };
  },
  "@wundergraph/composition": (subgraphs) => {
    const composed = federateSubgraphs({
      subgraphs: subgraphs.map(({ name, url, sdl }) => ({ name, url, definitions: parse(sdl) })),
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    });
    return {
      errors: composed.success ? [] : composed.errors.map(({ message }) => message),
      hints: composed.warnings.map(({ message }) => message),
      supergraphSdl: null,
      ...readable(composed.success ? printSchema(composed.federatedGraphClientSchema) : null),
    };
  },
};

function parsed(subgraphs: readonly Subgraph[]): { name: string; url: string; typeDefs: DocumentNode }[] {
  return subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
}

function readable(sdl: string | null): Pick<Composed, "fieldsOf" | "faultsOf"> {
  const document = parse(sdl ?? "type Query { nothing: Int }");
  return {
    fieldsOf: (type) =>
      document.definitions.flatMap((node) =>
        node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type
          ? (node.fields ?? []).map(({ name }) => name.value)
          : [],
      ),
    faultsOf: (query) =>
      validate(buildASTSchema(document, { assumeValidSDL: true }), parse(query)).map(({ message }) => message),
  };
}
