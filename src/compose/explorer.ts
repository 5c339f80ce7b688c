import type { Explorer } from "../server/ServerOptions.js";
import { exampleQueries } from "./exampleQueries.js";

/** What stands in the explorer's page, and what the page asks for it, in the names of the schema that is served. */
export function explorerNamed(renameOperation: (text: string) => string): Explorer {
  return {
    ...explorer,
    aboutQuery: renameOperation(explorer.aboutQuery),
    valuesQuery: renameOperation(explorer.valuesQuery),
    examples: explorer.examples.map((example) => ({ ...example, query: renameOperation(example.query) })),
  };
}

/** The same in the names of the code. */
export const explorer: Explorer = {
  aboutQuery: "query About { sites: sites { siteId name url isSandbox isProvisioningOn } }",
  // Some of the first spaces, what they grant to groups, and the first members of those: a handful of calls on a real site.
  valuesQuery: `query Values {
  spaces: spaces(first: 3) {
    nodes {
      grants(first: 10, filter: { principalKinds: [GROUP] }) {
        nodes {
          resource { ... on Space { id key } }
          principal { ... on Group { id name members(first: 5) { nodes { id email } } } }
        }
      }
    }
  }
}`,
  values: {
    space: "spaces.nodes.*.grants.nodes.*.resource.id",
    spaceKey: "spaces.nodes.*.grants.nodes.*.resource.key",
    group: "spaces.nodes.*.grants.nodes.*.principal.id",
    groupName: "spaces.nodes.*.grants.nodes.*.principal.name",
    account: "spaces.nodes.*.grants.nodes.*.principal.members.nodes.*.id",
    email: "spaces.nodes.*.grants.nodes.*.principal.members.nodes.*.email",
  },
  examples: exampleQueries,
};
