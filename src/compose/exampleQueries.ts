import type { ExampleQuery } from "../server/ServerOptions.js";
import { accessQueries } from "./accessQueries.js";

/** The tabs of GraphiQL, in order. Each runs as it stands, over the sandbox, and over one or several real sites. */
export const exampleQueries: readonly ExampleQuery[] = [
  ...accessQueries,
  {
    title: "SpaceGrants",
    isTab: false,
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
            ... on Account { displayName status }
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
    title: "Sites",
    isTab: false,
    description: "Every site: what it can do, and what it holds.",
    query: `query Sites {
  sites {
    siteId
    name
    url
    deployment
    permissionModel
    capabilities { name isAvailable reason }
    accounts { totalCount }
    groups { totalCount }
    spaces(first: 3) {
      totalCount
      nodes { key name kind grants { totalCount } }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
  {
    title: "OnePerson",
    isTab: true,
    description: "What one person holds, on every site.",
    variables: { email: "$email" },
    query: `query OnePerson($email: String!) {
  identity(email: $email) {
    accounts {
      nodes {
        site { name }
        accountId
        username
        displayName
        email
        kind
        status
        isLicensed
        lastActiveAt
        grants(
          filter: { entitlements: [SPACE_PERMISSION, SPACE_ROLE] }
        ) {
          nodes { ...OnSpace }
          completeness { isComplete }
        }
        groups {
          nodes {
            name
            grants(
              filter: { entitlements: [SPACE_PERMISSION, SPACE_ROLE] }
            ) {
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
}

fragment OnSpace on Grant {
  resource { ... on Space { key name } }
  permissions { operation target }
}`,
  },
  {
    title: "NestedMembers",
    isTab: false,
    description: "Who is in a group, and through which groups.",
    variables: { text: "$groupName" },
    query: `query NestedMembers($text: String!) {
  groups(first: 10, filter: { text: $text }) {
    totalCount
    nodes {
      site { name }
      name
      managedBy
      # Groups hold groups on Data Center only.
      memberGroups { nodes { name } }
      allMembers(first: 25) {
        totalCount
        nodes {
          account { displayName kind status }
          isDirect
          path { name }
        }
        completeness { isComplete gaps { missing reason } }
      }
    }
  }
}`,
  },
  {
    title: "Administrators",
    isTab: false,
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
        ... on SpaceRoleAssignment {
          role { name description permissions { operation target } }
        }
      }
    }
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
  {
    title: "SiteWide",
    isTab: false,
    description: "Who may use and administer a whole site.",
    query: `query SiteWide {
  # Data Center only: Cloud tells these to nobody.
  grants(first: 100, filter: { entitlements: [SITE_PERMISSION] }) {
    totalCount
    nodes {
      resource { ... on Site { name } }
      principal {
        __typename
        ... on Account { displayName status }
        ... on Group { name }
        ... on AccessClass { name }
      }
      entitlement {
        ... on SitePermission { permission { operation target } }
      }
    }
    completeness { isComplete gaps { missing reason } }
  }
  # Its members can do everything, whatever grants say.
  sites {
    name
    superGroup {
      name
      allMembers(first: 25) {
        nodes { account { displayName status } path { name } }
        completeness { isComplete gaps { missing reason } }
      }
    }
  }
}`,
  },
  {
    title: "OpenToMany",
    isTab: false,
    description: "What anonymous visitors and all users may do.",
    query: `query OpenToMany {
  sites {
    name
    grants(
      first: 100
      filter: { principalKinds: [ACCESS_CLASS] }
    ) {
      totalCount
      nodes {
        resource {
          __typename
          ... on Space { key name status }
        }
        principal { ... on AccessClass { classId name } }
        permissions { operation target }
      }
      completeness { isComplete gaps { missing reason } }
    }
  }
}`,
  },
  {
    title: "SpaceByKey",
    isTab: false,
    description: "Spaces by key, on any site. Put keys of yours.",
    variables: { keys: ["$spaceKey"] },
    query: `query SpaceByKey($keys: [String!]!) {
  spaces(filter: { keys: $keys }) {
    nodes {
      site { name }
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
    # A key that no site has is a gap here.
    completeness { isComplete gaps { missing reason } }
  }
}`,
  },
  {
    title: "Guests",
    isTab: false,
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
    isTab: false,
    description: "Archived and personal spaces: easily forgotten.",
    query: `query Forgotten {
  archived: spaces(first: 10, filter: { statuses: [ARCHIVED] }) {
    totalCount
    nodes { site { name } key status grants { totalCount } }
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
];
