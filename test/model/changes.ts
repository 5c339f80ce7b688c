import type { SiteId } from "../../src/domain/ids.js";
import { dataCenterIds } from "../provisioning/dataCenterIds.js";
import { idsOf } from "../provisioning/ids.js";
import { dcGroups, dcSpaces, dcUsers } from "../support/dataCenterWorlds.js";
import { human } from "../support/worlds.js";
import type { Dice } from "./Dice.js";

/** A change as it is asked for, and what of the world it is about. */
export interface ModelChange {
  readonly at: number;
  readonly caller: number;
  readonly graph: number;
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What is to be so afterwards, by the lines of `worldFacts`: a line that is to be there, or not to be. */
  readonly makes: Readonly<Record<string, boolean>>;
  /** Lines that are gone with it, if they were there. */
  readonly takesAlong: RegExp | null;
  /** Lines that it may leave or bring about unasked: what of them becomes is not told by the outcome. */
  readonly blurs: RegExp | null;
}

interface Scene {
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly spaces: readonly { readonly globalId: string; readonly id: string }[];
  readonly account: (id: string) => string;
  readonly group: (id: string) => string;
  readonly role: ((id: string) => string) | null;
  readonly hasRows: boolean;
  readonly canSuspend: boolean;
}

export function sceneOf(siteId: string, deployment: string, suspends: boolean): Scene {
  if (deployment.startsWith("datacenter")) {
    const ids = dataCenterIds(siteId);
    return {
      people: [dcUsers.ben, dcUsers.cara, dcUsers.fay, dcUsers.dan],
      groups: [dcGroups.a, dcGroups.support, dcGroups.empty],
      spaces: (["ENG", "DOCS"] as const).map((key) => ({ globalId: ids.space(key), id: String(dcSpaces[key]) })),
      account: ids.account,
      group: ids.group,
      role: null,
      hasRows: true,
      canSuspend: suspends,
    };
  }
  const ids = idsOf(siteId as SiteId);
  const numbers = [1, 2, 4, 7];
  return {
    people: numbers.map((number) => human(number).accountId),
    groups: ["group-1", "group-4", "group-5"],
    spaces: [1, 2, 3].map((number) => ({ globalId: ids.space(number), id: String(1000 + number) })),
    account: (id) => ids.account(numbers.find((number) => human(number).accountId === id) ?? 0),
    group: ids.group,
    role: / PRE_ROLES/.test(deployment) ? null : ids.role,
    hasRows: !/ ROLES( |$)/.test(deployment),
    canSuspend: suspends && /organization|scim/.test(deployment),
  };
}

const permissions = ["read/space", "create/page", "administer/space"];
const roles = ["r-viewer", "r-writer", "r-admin"];

/** The change at a place of a sequence. */
export function changeAt(at: number, scene: Scene, dice: Dice): ModelChange {
  const kinds = [
    ...["grantMembership", "revokeMembership", "revokeMembership"],
    ...(scene.hasRows ? ["grantRows", "revokeRows", "revokeRows"] : []),
    ...(scene.role === null ? [] : ["grantRole", "revokeRole", "revokeRole"]),
    ...(scene.canSuspend ? ["suspend", "restore"] : []),
    ...(dice.roll("rare", at) < 0.2 ? ["deleteGroup"] : []),
  ];
  const head = { at, caller: Math.floor(dice.roll("caller", at) * 3), graph: Math.floor(dice.roll("graph", at) * 2) };
  const kind = dice.pick(kinds, "kind", at);
  const person = dice.pick(scene.people, "person", at);
  const group = dice.pick(scene.groups, "group", at);
  if (kind === "deleteGroup") return { ...head, ...deletion(scene, group) };
  if (kind === "suspend" || kind === "restore") return { ...head, ...status(scene, person, kind === "suspend") };
  const isGrant = kind.startsWith("grant");
  if (kind.endsWith("Membership")) return { ...head, ...membership(scene, group, person, isGrant) };
  const space = dice.pick(scene.spaces, "space", at);
  const isGroup = dice.roll("holder", at) < 0.4;
  const holder = { kind: isGroup ? "group" : "user", id: isGroup ? group : person };
  const globalId = isGroup ? scene.group(group) : scene.account(person);
  const input = { space: space.globalId, principal: globalId };
  if (kind.endsWith("Role")) {
    const roleId = dice.pick(roles, "role", at);
    const onExistingRole = dice.pick(["REFUSE", "KEEP", "REPLACE"], "existing", at);
    const line = `role ${space.id} ${holder.kind.toUpperCase()} ${holder.id} `;
    return {
      ...head,
      mutation: isGrant ? "grantSpaceAccess" : "revokeSpaceAccess",
      input: { ...input, role: scene.role?.(roleId), ...(isGrant ? { onExistingRole } : {}) },
      makes: { [`${line}${roleId}`]: isGrant },
      takesAlong: isGrant ? new RegExp(`^${line}(?!${roleId})`) : null,
      blurs: null,
    };
  }
  const operation = dice.pick(permissions, "operation", at);
  const line = `row ${space.id} ${holder.kind} ${holder.id} `;
  const [key, target] = operation.split("/");
  return {
    ...head,
    mutation: isGrant ? "grantSpaceAccess" : "revokeSpaceAccess",
    input: { ...input, permissions: [{ operation: key, target }] },
    makes: { [`${line}${operation}`]: isGrant },
    takesAlong: !isGrant && operation === "read/space" ? new RegExp(`^${line}`) : null,
    // Some permissions are granted, and taken, with others.
    blurs: new RegExp(`^${line}`),
  };
}

type Asked = Omit<ModelChange, "at" | "caller" | "graph">;

function membership(scene: Scene, group: string, person: string, isGrant: boolean): Asked {
  return {
    mutation: isGrant ? "grantGroupMembership" : "revokeGroupMembership",
    input: { group: scene.group(group), accounts: [scene.account(person)] },
    makes: { [`member ${group} ${person}`]: isGrant },
    takesAlong: null,
    blurs: null,
  };
}

function deletion(scene: Scene, group: string): Asked {
  return {
    mutation: "deleteGroup",
    input: { group: scene.group(group) },
    makes: {},
    takesAlong: new RegExp(`^(group|member) ${group} `),
    // Whether a group's grants go with it is for the site to say.
    blurs: new RegExp(`^row \\d+ group ${group} |^role \\d+ GROUP ${group} `),
  };
}

function status(scene: Scene, person: string, isSuspension: boolean): Asked {
  return {
    mutation: isSuspension ? "suspendAccount" : "restoreAccount",
    input: { account: scene.account(person) },
    makes: { [`blocked ${person}`]: isSuspension },
    takesAlong: null,
    blurs: null,
  };
}
