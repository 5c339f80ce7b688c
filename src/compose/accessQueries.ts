import type { ExampleQuery } from "../server/ServerOptions.js";

/** The first tabs: what comes of what is granted, who can and why, what somebody should look at, and what would change it. */
export const accessQueries: readonly ExampleQuery[] = [
  {
    title: "WhoCanRead",
    description: "Who can read this space, and why.",
    query: `query WhoCanRead {
  spaces(first: 1) {
    nodes {
      key
      name
      # Everybody, by whatever group, role or class. Add
      # filter: { permissions: [{ operation: "administer", target: "space" }] }
      # to see who administers it.
      effectiveAccess(first: 25, wait: 30) {
        totalCount
        edges {
          node { displayName kind status }
          decision
          permissions { operation target }
          isDirect
          pathCount
          paths(first: 3) {
            grants {
              principal {
                __typename
                ... on Account { displayName }
                ... on Group { name }
                ... on AccessClass { name }
              }
              resource {
                ... on Space { key }
                ... on Group { name }
              }
            }
          }
          why { explanation }
        }
        completeness { isComplete gaps { missing reason } }
      }
    }
  }
}`,
  },
  {
    title: "LeaversHold",
    description: "What a leaver still holds.",
    query: `query LeaversHold {
  # They can do nothing while they are shut out,
  # and all of it again once somebody lets them in.
  accounts(
    first: 10
    filter: { statuses: [SUSPENDED, DEACTIVATED, INACTIVE] }
  ) {
    totalCount
    nodes {
      displayName
      status
      lastActiveAt
      grants(first: 50) {
        totalCount
        nodes {
          # What revokeGrants takes.
          id
          resource {
            __typename
            ... on Space { key status }
            ... on Group { name }
          }
          permissions { operation target }
        }
        completeness { isComplete gaps { missing reason } }
      }
    }
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
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
  {
    title: "WhatIf",
    description: "What would this change do. Put ids of yours.",
    query: `query WhatIf(
  # The group engineering in the space ENG of the sandbox.
  $space: ID! = "WyJTcGFjZSIsInNhbmRib3gtY2xvdWQiLCIzMjc2ODQiXQ"
  $group: ID! = "WyJHcm91cCIsInNhbmRib3gtY2xvdWQiLCI0ZmY4ZDZjNC0yMjg5LTRkZGItYWRiYS1jOTdhMWE5NmVmZTgiXQ"
) {
  # Nothing is written.
  previewChanges(
    changes: [
      {
        revokeSpaceAccess: {
          space: $space
          principal: $group
          permissions: [{ operation: "read", target: "space" }]
        }
      }
    ]
  ) {
    changes { outcome plan }
    preview(wait: 30) {
      accountCount
      effects {
        account { displayName }
        space { key }
        permissions {
          permission { operation target }
          effect
          before
          after
          explanation
        }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
];
