import type { ExampleQuery } from "../server/ServerOptions.js";

/** The first tabs: what comes of what is granted, who can and why, what somebody should look at, and what would change it. */
export const accessQueries: readonly ExampleQuery[] = [
  {
    title: "WhoCanRead",
    isTab: true,
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
    isTab: true,
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
    isTab: true,
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
    isTab: true,
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
    isTab: false,
    description: "What would this change do, and to whom.",
    variables: { space: "$space", group: "$group" },
    query: `query WhatIf($space: ID!, $group: ID!) {
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
    changes { outcome plan userErrors { code message } }
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
  {
    title: "GrantDryRun",
    isTab: true,
    description: "Grant access, without writing: only the plan.",
    variables: {
      input: {
        space: "$space",
        principal: "$account",
        permissions: [{ operation: "read", target: "space" }],
        reason: "Tried in GraphiQL",
        dryRun: true,
      },
    },
    query: `mutation GrantDryRun($input: GrantSpaceAccessInput!) {
  # Where changes are on: the same with dryRun: false writes,
  # reads back, and answers from what it read.
  grantSpaceAccess(input: $input) {
    outcome
    plan
    userErrors { code field message }
    resource { ... on Space { key name } }
    preview(wait: 30) {
      accountCount
      effects {
        account { displayName }
        permissions { permission { operation target } effect before after }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
];
