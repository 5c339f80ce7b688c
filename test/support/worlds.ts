/** Small worlds that tests are told in. */

type WorldAccount = {
  readonly accountId: string;
  readonly accountType: string;
  readonly accountStatus: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly isExternalCollaborator?: boolean;
};

/** A human account named after its number. */
export function human(number: number): WorldAccount {
  return {
    accountId: `712020:human-${String(number).padStart(5, "0")}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: `Human ${number}`,
    email: `human-${number}@example.com`,
  };
}

/** A Cloud world: what is given, over a whole and empty site. */
export function cloudWorld(parts: Readonly<Record<string, unknown>>): { cloud: Record<string, unknown> } {
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: "PRE_ROLES",
      accounts: [],
      groups: [],
      spaces: [],
      roles: [],
      ...parts,
    },
  };
}

/** A global, current space named after its number. */
export function space(number: number, parts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: String(1000 + number),
    key: `S${number}`,
    name: `Space ${number}`,
    type: "global",
    status: "current",
    authorId: human(1).accountId,
    createdAt: "2026-01-01T00:00:00.000Z",
    permissions: [],
    roleAssignments: [],
    ...parts,
  };
}

/** A granular row. */
export function permission(type: string, id: string, operation = "read/space"): Record<string, unknown> {
  const [key, targetType] = operation.split("/");
  return { principal: { type, id }, operation: { key, targetType } };
}

/** The promise of exact batching: 25 spaces, 848 grants to 334 principals (300 accounts, 32 groups, 2 access classes). */
export function batchingWorld(): { cloud: Record<string, unknown> } {
  const accounts = Array.from({ length: 300 }, (_, index) => human(index + 1));
  const groups = Array.from({ length: 32 }, (_, index) => ({
    id: `group-${String(index + 1).padStart(3, "0")}`,
    name: `Group ${index + 1}`,
    members: accounts.filter((_account, member) => member % 32 === index).map(({ accountId }) => accountId),
  }));
  const principals = [
    ...accounts.map(({ accountId }) => ["user", accountId] as const),
    ...groups.map(({ id }) => ["group", id] as const),
    ["access-class", "all-licensed-users"] as const,
    ["access-class", "anonymous-users"] as const,
  ];
  const operations = ["read/space", "create/page", "delete/page"];
  const spaces = Array.from({ length: 25 }, (_, index) => space(index + 1));
  let granted = 0;
  const rows = spaces.map(() => [] as Record<string, unknown>[]);
  for (const operation of operations) {
    for (const [type, id] of principals) {
      if (granted === 848) break;
      rows[granted % 25]?.push(permission(type, id, operation));
      granted += 1;
    }
  }
  return cloudWorld({
    accounts,
    groups,
    spaces: spaces.map((each, index) => ({ ...each, permissions: rows[index] })),
  });
}
