/** A query that GraphiQL opens in a tab of its own. */
export interface ExampleQuery {
  readonly title: string;
  readonly description: string;
  readonly query: string;
}

/** The tabs of GraphiQL, in order. Each runs as it stands, over the sandbox and over a real site. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    title: "SpaceGrants",
    description: "Who holds what in the first spaces, and whether the answer was read whole.",
    query: `query SpaceGrants {
  spaces(first: 5) {
    totalCount
    nodes {
      key
      name
      kind
      grants(first: 10) {
        nodes {
          principal {
            __typename
            ... on Account { displayName email kind status }
            ... on Group { name }
            ... on AccessClass { name }
          }
          permissions { operation target }
        }
        completeness { isComplete gaps { missing reason code } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    title: "GuestsAndTheirGroups",
    description: "Accounts from outside, and the groups through which they may have come in.",
    query: `query GuestsAndTheirGroups {
  accounts(first: 20, filter: { kinds: [GUEST] }) {
    totalCount
    nodes {
      displayName
      email
      status
      groups(first: 10) { nodes { name managedBy } }
    }
    completeness { isComplete gaps { missing reason code } }
  }
}`,
  },
  {
    title: "GroupMembers",
    description: "Groups with their members.",
    query: `query GroupMembers {
  groups(first: 10) {
    nodes {
      name
      managedBy
      members(first: 10) {
        totalCount
        nodes { displayName kind status }
        completeness { isComplete gaps { missing reason code } }
      }
    }
  }
}`,
  },
  {
    title: "OneSpace",
    description: "One space by its key, with its grants and with what could not be read.",
    query: `query OneSpace {
  spaces(first: 1, filter: { keys: ["ENG"] }) {
    nodes {
      key
      name
      status
      grants(first: 50) {
        totalCount
        nodes {
          principal {
            __typename
            ... on Account { displayName status }
            ... on Group { name members(first: 5) { nodes { displayName } } }
            ... on AccessClass { name }
          }
          permissions { operation target }
        }
        completeness { isComplete gaps { missing reason code } }
      }
    }
  }
}`,
  },
  {
    title: "ForgottenSpaces",
    description: "Archived and personal spaces: access that is easily forgotten in a review.",
    query: `query ForgottenSpaces {
  archived: spaces(first: 10, filter: { statuses: [ARCHIVED] }) {
    totalCount
    nodes { key name status grants(first: 5) { totalCount } }
  }
  personal: spaces(first: 10, filter: { kinds: [PERSONAL] }) {
    totalCount
    nodes { key name kind grants(first: 5) { totalCount } }
  }
}`,
  },
];
