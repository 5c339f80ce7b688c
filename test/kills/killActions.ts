import { dataCenterIds } from "../provisioning/dataCenterIds.js";
import { idsOf } from "../provisioning/ids.js";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

/** Two sites, in each somebody to change and a space that keeps its administrator. */
export const killWorld = {
  ...cloudWorld({
    accounts: [human(1), human(2)],
    groups: [{ id: "g1", name: "readers", members: [] }],
    spaces: [
      space(1, {
        permissions: [
          permission("user", human(1).accountId),
          permission("user", human(1).accountId, "administer/space"),
          permission("user", human(2).accountId),
        ],
      }),
    ],
  }),
  ...smallDataCenterWorld("10.2.0"),
};

/** Whether a call, `POST /path`, writes: searches and look-ups of many are sent by POST as well. */
export function isWrite(call: string): boolean {
  return !/^GET |users-bulk|\/search|check-access/.test(call);
}

export interface KillAction {
  readonly name: string;
  readonly expected: string;
  readonly write: RegExp;
  /** The calls that look at what it did. */
  readonly readBack: RegExp;
  /** Killed before its write it says once that nobody knows; answered, it is taken up again until somebody accepts it. */
  readonly isInvitation?: boolean;
  readonly document: (id: string, turn: number) => string;
}

/** Changes that undo one another, or make something new in each turn; each is one write. */
export function actionsOf(): readonly KillAction[] {
  const ids = idsOf("cloud");
  const cluster = dataCenterIds("cluster");
  const accessInCluster = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}SpaceAccess(input: { space: "${cluster.space("OLD")}", principal: "${cluster.account(dcUsers.lee)}", permissions: [{ operation: "read", target: "space" }], requestId: "${requestId}" }) { outcome userErrors { code } } }`;
  const access = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}SpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "create", target: "page" }], requestId: "${requestId}" }) { outcome userErrors { code } } }`;
  const membership = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}GroupMembership(input: { group: "${ids.group("g1")}", accounts: ["${ids.account(2)}"], requestId: "${requestId}" }) { changes { outcome } userErrors { code } } }`;
  const onAccess = { write: /(POST|DELETE) .*\/space\/S1\/permission/, readBack: /GET .*\/spaces\/1001\/permissions/ };
  const onMembership = { write: /(POST|DELETE) .*\/userByGroupId/, readBack: /GET .*(membersByGroupId|memberof)/ };
  const inCluster = { write: /PUT .*\/space\/OLD\/permissions/, readBack: /GET .*\/space\/OLD\/permissions/ };
  return [
    { name: "grant access", expected: "CREATED", ...onAccess, document: (id: string) => access("grant", id) },
    {
      name: "grant membership",
      expected: "CREATED",
      ...onMembership,
      document: (id: string) => membership("grant", id),
    },
    { name: "revoke access", expected: "REMOVED", ...onAccess, document: (id: string) => access("revoke", id) },
    {
      name: "revoke membership",
      expected: "REMOVED",
      ...onMembership,
      document: (id: string) => membership("revoke", id),
    },
    {
      name: "create group",
      expected: "CREATED",
      write: /POST .*\/rest\/api\/group$/,
      readBack: /GET .*\/rest\/api\/group[/?]/,
      document: (id: string, turn: number) =>
        `mutation { it: createGroup(input: { siteId: "cloud", name: "made ${turn}", requestId: "${id}" }) { outcome userErrors { code } } }`,
    },
    {
      name: "grant access on Data Center",
      expected: "CREATED",
      ...inCluster,
      document: (id: string) => accessInCluster("grant", id),
    },
    {
      name: "provision account",
      expected: "CREATED",
      write: /POST .*\/admin\/user$/,
      readBack: /GET .*\/rest\/api\/user\?/,
      document: (id: string, turn: number) =>
        `mutation { it: provisionAccount(input: { siteId: "cluster", email: "new-${turn}@example.com", displayName: "New ${turn}", username: "new-${turn}", generatePassword: true, requestId: "${id}" }) { outcome userErrors { code } } }`,
    },
    {
      name: "revoke access on Data Center",
      expected: "REMOVED",
      ...inCluster,
      document: (id: string) => accessInCluster("revoke", id),
    },
    {
      name: "invite account",
      isInvitation: true,
      expected: "CREATED",
      write: /POST .*\/invite-by-email/,
      readBack: /POST .*\/check-access-by-email/,
      document: (id: string, turn: number) =>
        `mutation { it: provisionAccount(input: { siteId: "cloud", email: "invited-${turn}@example.com", requestId: "${id}" }) { outcome userErrors { code } } }`,
    },
  ];
}
