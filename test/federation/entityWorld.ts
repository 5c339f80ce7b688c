import type { AccountId, GroupId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId, type GrantAddress } from "../../src/graph/schema/GlobalId.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

/** A reference as a gateway sends it. */
export type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** How many things of each kind there are, and in how many spaces the grants are. */
export const entityWorldFacts = { accounts: 80, groups: 60, spaces: 60, grants: 50, spacesOfGrants: 5 } as const;

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const groupId = (number: number) => `group-${String(number).padStart(3, "0")}`;
const permissionId = (number: number) => String(500_000 + number);
const spaceOfGrant = (number: number) => 1 + (number % entityWorldFacts.spacesOfGrants);

/** Accounts, groups and spaces in plenty; the grants are in the first five spaces, to the first accounts. */
export function entityWorld(): { cloud: Record<string, unknown> } {
  const { accounts, groups, spaces, grants } = entityWorldFacts;
  return cloudWorld({
    accounts: upTo(accounts).map(human),
    groups: upTo(groups).map((number) => ({ id: groupId(number), name: `Group ${number}`, members: [] })),
    spaces: upTo(spaces).map((number) =>
      space(number, {
        permissions: upTo(grants)
          .filter((grant) => spaceOfGrant(grant) === number)
          .map((grant) => ({ ...permission("user", human(grant).accountId), id: permissionId(grant) })),
      }),
    ),
  });
}

/** References to everything in the world, by every key there is in turn, with what each must be answered with. */
export function everyReference(siteId: string): { representation: Representation; answer: object }[] {
  const { accounts, groups, spaces, grants } = entityWorldFacts;
  const site = siteId as SiteId;
  return [
    ...upTo(accounts).map((number) => {
      const accountId = human(number).accountId as AccountId;
      const id = encodeGlobalId({ type: "Account", siteId: site, accountId });
      return {
        representation: { __typename: "Account", ...[{ id }, { siteId, accountId }][number % 2] },
        answer: { __typename: "Account", id, displayName: `Human ${number}` },
      };
    }),
    ...upTo(groups).map((number) => {
      const id = encodeGlobalId({ type: "Group", siteId: site, groupId: groupId(number) as GroupId });
      return {
        representation: { __typename: "Group", ...[{ id }, { siteId, groupId: groupId(number) }][number % 2] },
        answer: { __typename: "Group", id, name: `Group ${number}` },
      };
    }),
    ...upTo(spaces).map((number) => {
      const spaceId = String(1000 + number) as SpaceId;
      const id = encodeGlobalId({ type: "Space", siteId: site, spaceId });
      const keys = [{ id }, { siteId, spaceId }, { siteId, key: `S${number}` }];
      return {
        representation: { __typename: "Space", ...keys[number % 3] },
        answer: { __typename: "Space", id, key: `S${number}`, name: `Space ${number}` },
      };
    }),
    ...upTo(grants).map((number) => {
      const spaceId = String(1000 + spaceOfGrant(number)) as SpaceId;
      const address: GrantAddress = { kind: "permission", spaceId, permissionId: permissionId(number) };
      const id = encodeGlobalId({ type: "Grant", siteId: site, ...address });
      return {
        representation: { __typename: "Grant", id },
        answer: { __typename: "Grant", id, principal: { accountId: human(number).accountId }, resource: { spaceId } },
      };
    }),
  ];
}
