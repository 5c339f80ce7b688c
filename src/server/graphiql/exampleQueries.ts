/** A query that GraphiQL opens in a tab of its own. */
export interface ExampleQuery {
  /** The operation's name, and with it the tab's. Short, so that all tabs are seen. */
  readonly title: string;
  /** One line, as short as a line of the editor. */
  readonly description: string;
  readonly query: string;
}

/** The tabs of GraphiQL, in order. Each runs as it stands, over the sandbox and over a real site. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    title: "SpaceGrants",
    description: "Who holds what in the first spaces.",
    query: `query SpaceGrants {
  spaces(first: 5) {
    totalCount
    nodes {
      key
      name
      kind
      grants(first: 25) {
        totalCount
        nodes {
          principal {
            __typename
            ... on Account { displayName email status }
            ... on Group { name }
            ... on AccessClass { name }
          }
          permissions { operation target }
        }
        # Whether this was read whole, and if not, why.
        completeness {
          isComplete
          gaps { missing reason }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    title: "Administrators",
    description: "Who administers what, by a permission or a role.",
    query: `query Administrators {
  grants(
    first: 100
    filter: { operations: ["administer"], targets: ["space"] }
  ) {
    totalCount
    nodes {
      resource { ... on Space { key name status } }
      principal {
        __typename
        ... on Account { displayName status }
        ... on Group { name managedBy }
        ... on AccessClass { name }
      }
      entitlement {
        __typename
        ... on SpaceRoleAssignment { role { name } }
      }
    }
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
  {
    title: "OnePerson",
    description: "What one person holds. Put an address of your site.",
    query: `query OnePerson($email: String! = "admin@sandbox.test") {
  accounts(filter: { emails: [$email] }) {
    nodes {
      accountId
      displayName
      kind
      status
      grants(
        filter: { entitlements: [SPACE_PERMISSION, SPACE_ROLE] }
      ) {
        nodes { ...OnSpace }
        completeness { isComplete }
      }
      groups {
        nodes {
          name
          grants {
            nodes { ...OnSpace }
            completeness { isComplete }
          }
        }
        completeness { isComplete }
      }
    }
    # Addresses that people hide cannot be compared:
    # while there are any, the answer has a gap.
    completeness { isComplete gaps { missing reason } }
  }
}

fragment OnSpace on Grant {
  resource { ... on Space { key name } }
  permissions { operation target }
}`,
  },
  {
    title: "OpenToMany",
    description: "What anonymous visitors and all users may do.",
    query: `query OpenToMany {
  grants(
    first: 100
    filter: { principalKinds: [ACCESS_CLASS] }
  ) {
    totalCount
    nodes {
      resource { ... on Space { key name status } }
      principal { ... on AccessClass { classId name } }
      permissions { operation target }
    }
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
  {
    title: "OneSpace",
    description: "One space by its key. Put a key of your site.",
    query: `query OneSpace($key: String! = "PARTNER") {
  space(key: $key) {
    key
    name
    status
    createdAt
    createdBy { displayName }
    grants {
      totalCount
      nodes {
        principal {
          __typename
          ... on Account { displayName kind status }
          ... on Group {
            name
            members(first: 5) {
              totalCount
              nodes { displayName kind status }
            }
          }
          ... on AccessClass { name }
        }
        permissions { operation target }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
  {
    title: "Groups",
    description: "Groups, who manages them, and their members.",
    query: `query Groups {
  groups(first: 10) {
    totalCount
    nodes {
      name
      managedBy
      members(first: 10) {
        totalCount
        nodes { displayName kind status }
        completeness { isComplete gaps { missing reason } }
      }
    }
  }
}`,
  },
  {
    title: "Guests",
    description: "People from outside, and how they came in.",
    query: `query Guests {
  accounts(first: 20, filter: { kinds: [GUEST] }) {
    totalCount
    nodes {
      displayName
      email
      status
      groups(first: 10) { nodes { name managedBy } }
    }
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
  {
    title: "Forgotten",
    description: "Archived and personal spaces: easily forgotten.",
    query: `query Forgotten {
  archived: spaces(first: 10, filter: { statuses: [ARCHIVED] }) {
    totalCount
    nodes { key name status grants { totalCount } }
  }
  personal: spaces(first: 10, filter: { kinds: [PERSONAL] }) {
    totalCount
    nodes {
      key
      owner { displayName status }
      grants { totalCount }
    }
  }
}`,
  },
  {
    title: "Site",
    description: "How the site stores access, and what roles give.",
    query: `query Site {
  sites {
    siteId
    name
    url
    permissionModel
    capabilities { name isAvailable reason }
    spaceRoles {
      nodes {
        name
        description
        permissions { operation target }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
];
