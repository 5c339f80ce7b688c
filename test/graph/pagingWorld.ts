import { cloudWorld, human, permission, space } from "../support/worlds.js";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Names that sort differently by locale, by case, by length and by code unit. */
const names = [
  ...[
    "Ähre",
    "zebra",
    "Zebra",
    "a",
    "A",
    "aa",
    "a b",
    "a!",
    "ä",
    "é",
    "e",
    "ß",
    "ss",
    "10",
    "9",
    "😀",
    "日本",
    "~",
    "_",
  ],
  ...["ﬁ", "Name\twith tab", 'Quote"d', "back\\slash", "ＡＢ"],
];

export const pagingWorldFacts = {
  members: 23,
  groups: names.length,
  spaces: 22,
  roles: 9,
  crowdId: "group-01",
} as const;

/** A site in transition where every list holds more than one small page, with names that are hard to order. */
export function pagingWorld(): { cloud: Record<string, unknown> } {
  const { members, spaces, roles } = pagingWorldFacts;
  const accounts = upTo(members).map(human);
  const ids = accounts.map(({ accountId }) => accountId);
  const groupId = (number: number) => `group-${String(number).padStart(2, "0")}`;
  const roleId = (number: number) => `role-${number}`;
  return cloudWorld({
    mode: "ROLES_TRANSITION",
    accounts,
    groups: names.map((name, index) => ({
      id: groupId(index + 1),
      name,
      members: index === 0 ? ids : ids.slice(0, 1),
    })),
    roles: upTo(roles).map((number) => ({
      id: roleId(number),
      type: "CUSTOM",
      name: `Role ${number}`,
      description: "A role.",
      spacePermissions: ["read/space"],
    })),
    spaces: upTo(spaces).map((number) =>
      space(number, {
        permissions: [
          permission("group", groupId(1)),
          ...(number === 1 ? ids : ids.slice(0, 1)).map((id) => permission("user", id)),
          permission("access-class", "anonymous-users"),
        ],
        roleAssignments:
          number === 1
            ? ids.map((principalId, index) => ({
                principal: { principalType: "USER", principalId },
                roleId: roleId(1 + (index % roles)),
              }))
            : [],
      }),
    ),
  });
}
