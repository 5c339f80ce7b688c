import type { ExampleQuery } from "../server/ServerOptions.js";

/** The tabs that ask what comes of what is granted: who can, and what somebody should look at. */
export const accessQueries: readonly ExampleQuery[] = [
  {
    title: "GuestsWhoCanWrite",
    description: "People from outside who can change things.",
    query: `query GuestsWhoCanWrite {
  sites {
    name
    # Read from an index of the whole site: the first
    # question starts its crawl, and waits a little.
    findings(
      first: 25
      wait: 30
      kinds: [GUEST_CAN_ADMINISTER, GUEST_CAN_WRITE]
    ) {
      totalCount
      nodes {
        severity
        sentence
        principals {
          ... on Account { displayName email }
        }
        # By which memberships and direct grants.
        grants {
          resource {
            __typename
            ... on Group { name }
            ... on Space { key name }
          }
          permissions { operation target }
        }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
  {
    title: "Findings",
    description: "What somebody should look at, the gravest first.",
    query: `query Findings {
  sites {
    name
    findings(first: 50, wait: 30) {
      totalCount
      nodes {
        severity
        kind
        sentence
        space { key name }
        principals {
          __typename
          ... on Account { displayName status }
          ... on Group { name }
          ... on AccessClass { name }
        }
        # The mutation that ends it, and its input:
        # try it with dryRun: true first.
        remedy { mutation input }
      }
      pageInfo { hasNextPage endCursor }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
];
