import type { World } from "../../../sandbox/src/world/World.js";
import type { SiteId } from "../../../src/domain/ids.js";
import { idsOf } from "../../provisioning/ids.js";
import { human } from "../../support/worlds.js";
import type { Deployment } from "../deployments.js";
import { holds, lacks, type Wanted, type WriteCase } from "./cases.js";

const id = (number: number) => human(number).accountId;
const read = { operation: "read", target: "space" };
const create = { operation: "create", target: "page" };

function membership(group: string, number: number, isToBe: boolean): Wanted {
  const fact = `member ${group} ${id(number)}`;
  return { isSo: isToBe ? holds(fact) : lacks(fact), touches: new RegExp(`^${fact}$`) };
}

function rows(space: number, number: number, isToBe: boolean, ...operations: readonly string[]): Wanted {
  const facts = operations.map((operation) => `row ${1000 + space} user ${id(number)} ${operation}`);
  return {
    isSo: isToBe ? holds(...facts) : lacks(...facts),
    touches: new RegExp(`^row ${1000 + space} user ${id(number)} `),
  };
}

function role(space: number, number: number, roleId: string, isToBe: boolean): Wanted {
  const fact = `role ${1000 + space} USER ${id(number)} ${roleId}`;
  return {
    isSo: isToBe ? holds(fact) : lacks(fact),
    touches: new RegExp(`^role ${1000 + space} USER ${id(number)} `),
  };
}

/** The row of somebody in a space, by the number that the sandbox gave it. */
function rowIdOf({ cloud }: World, space: number, number: number, operation: string): string {
  const permissions = cloud?.spaces.find((each) => each.id === String(1000 + space))?.permissions ?? [];
  const row = permissions.find(
    (each) => each.principal.id === id(number) && `${each.operation.key}/${each.operation.targetType}` === operation,
  );
  return row?.id ?? "none";
}

/** What is asked of a Cloud site, the cheapest situation of each mutation first. */
export function cloudCases({ name, organization }: Deployment, siteId: string, world: World): readonly WriteCase[] {
  const ids = idsOf(siteId as SiteId);
  const hasRoles = !/ PRE_ROLES/.test(name);
  const hasRows = !/ ROLES( |$)/.test(name);
  return [
    ...memberships(ids),
    ...(hasRows ? granular(ids, world) : []),
    ...(hasRoles ? roles(ids) : []),
    ...groups(ids),
    ...provisioning(ids, organization),
    ...(organization === "none" ? [] : status(ids)),
  ];
}

type Ids = ReturnType<typeof idsOf>;

function memberships(ids: Ids): WriteCase[] {
  const grant = (title: string, group: string, numbers: readonly number[], answers: readonly string[]): WriteCase => ({
    name: `grantGroupMembership ${title}`,
    mutation: "grantGroupMembership",
    input: { group: ids.group(group), accounts: numbers.map(ids.account) },
    wanted: numbers.map((number) => membership(group, number, true)),
    answers,
  });
  const revoke = (title: string, group: string, numbers: readonly number[], answers: readonly string[]): WriteCase => ({
    name: `revokeGroupMembership ${title}`,
    mutation: "revokeGroupMembership",
    input: { group: ids.group(group), accounts: numbers.map(ids.account) },
    wanted: numbers.map((number) => membership(group, number, false)),
    answers,
  });
  return [
    grant("absent", "group-5", [2], ["CREATED"]),
    grant("present", "group-1", [2], ["ALREADY_EXISTS"]),
    grant("suspended, present", "group-1", [4], ["ALREADY_EXISTS"]),
    grant("suspended, absent", "group-5", [4], ["CREATED"]),
    grant("several", "group-4", [1, 2, 3], ["CREATED", "CREATED", "CREATED"]),
    revoke("present", "group-1", [2], ["REMOVED"]),
    revoke("absent", "group-5", [2], ["NOT_PRESENT"]),
    revoke("suspended, present", "group-4", [4], ["REMOVED"]),
    revoke("suspended, absent", "group-5", [4], ["NOT_PRESENT"]),
    revoke("several", "group-1", [2, 4, 7], ["REMOVED", "REMOVED", "NOT_PRESENT"]),
    {
      name: "revokeGrants of a membership",
      mutation: "revokeGrants",
      input: { grants: [ids.membership("group-1", 2)] },
      wanted: [membership("group-1", 2, false)],
      answers: ["REMOVED"],
    },
    {
      name: "applyAccessChanges of memberships",
      mutation: "applyAccessChanges",
      input: {
        changes: [
          { grantGroupMembership: { group: ids.group("group-5"), account: ids.account(2) } },
          { revokeGroupMembership: { group: ids.group("group-1"), account: ids.account(2) } },
          { revokeGrant: ids.membership("group-1", 4) },
        ],
      },
      wanted: [membership("group-5", 2, true), membership("group-1", 2, false), membership("group-1", 4, false)],
      answers: ["CREATED", "REMOVED", "REMOVED"],
    },
  ];
}

function granular(ids: Ids, world: World): WriteCase[] {
  const space = (number: number, who: number, permissions: unknown) => ({
    space: ids.space(number),
    principal: ids.account(who),
    permissions,
  });
  const grant = (title: string, at: number, who: number, answer: string): WriteCase => ({
    name: `grantSpaceAccess of permissions ${title}`,
    mutation: "grantSpaceAccess",
    input: space(at, who, [read, create]),
    wanted: [rows(at, who, true, "read/space", "create/page")],
    answers: [answer],
  });
  const revoke = (title: string, at: number, who: number, answer: string, ...which: (typeof read)[]): WriteCase => ({
    name: `revokeSpaceAccess of permissions ${title}`,
    mutation: "revokeSpaceAccess",
    input: space(at, who, which),
    wanted: [rows(at, who, false, ...which.map(({ operation, target }) => `${operation}/${target}`))],
    answers: [answer],
  });
  const administer = { operation: "administer", target: "space" };
  return [
    grant("absent", 3, 1, "CREATED"),
    grant("present", 3, 2, "ALREADY_EXISTS"),
    grant("absent of a suspended person", 3, 4, "CREATED"),
    revoke("present", 3, 2, "REMOVED", create),
    revoke("absent", 3, 1, "NOT_PRESENT", read),
    revoke("read with all it carries", 3, 2, "REMOVED", read),
    revoke("present of a suspended person", 2, 4, "REMOVED", read),
    revoke("of the last administrator", 8, 1, "FAILED", administer),
    {
      name: "revokeGrants of a row",
      mutation: "revokeGrants",
      input: { grants: [ids.permissionRow(3, rowIdOf(world, 3, 2, "create/page"))] },
      wanted: [rows(3, 2, false, "create/page")],
      answers: ["REMOVED"],
    },
    {
      name: "applyAccessChanges of rows",
      mutation: "applyAccessChanges",
      input: {
        changes: [
          { grantSpaceAccess: space(3, 1, [read]) },
          { revokeSpaceAccess: space(3, 2, [create]) },
          { grantSpaceAccess: space(2, 1, [read, create]) },
        ],
      },
      wanted: [
        rows(3, 1, true, "read/space"),
        rows(3, 2, false, "create/page"),
        rows(2, 1, true, "read/space", "create/page"),
      ],
      answers: ["CREATED", "REMOVED", "CREATED"],
    },
  ];
}

function roles(ids: Ids): WriteCase[] {
  const grant = (title: string, at: number, who: number, answer: string, onExistingRole = "REFUSE"): WriteCase => ({
    name: `grantSpaceAccess of a role ${title}`,
    mutation: "grantSpaceAccess",
    input: { space: ids.space(at), principal: ids.account(who), role: ids.role("r-viewer"), onExistingRole },
    wanted: [role(at, who, "r-viewer", true)],
    answers: [answer],
  });
  const revoke = (title: string, at: number, who: number, roleId: string, answer: string): WriteCase => ({
    name: `revokeSpaceAccess of a role ${title}`,
    mutation: "revokeSpaceAccess",
    input: { space: ids.space(at), principal: ids.account(who), role: ids.role(roleId) },
    wanted: [role(at, who, roleId, false)],
    answers: [answer],
  });
  return [
    grant("absent", 3, 1, "CREATED"),
    grant("present", 1, 2, "ALREADY_EXISTS"),
    grant("in place of another", 2, 2, "REPLACED", "REPLACE"),
    grant("beside another that is kept", 2, 2, "KEPT", "KEEP"),
    grant("beside another", 2, 2, "FAILED"),
    revoke("present", 2, 2, "r-writer", "REMOVED"),
    revoke("absent", 3, 2, "r-writer", "NOT_PRESENT"),
    revoke("where another is held", 2, 2, "r-viewer", "NOT_PRESENT"),
    {
      name: "revokeGrants of a role",
      mutation: "revokeGrants",
      input: { grants: [ids.roleGrant(2, "r-writer", 2)] },
      wanted: [role(2, 2, "r-writer", false)],
      answers: ["REMOVED"],
    },
    {
      name: "applyAccessChanges of roles",
      mutation: "applyAccessChanges",
      input: {
        changes: [
          { grantSpaceAccess: { space: ids.space(3), principal: ids.account(1), role: ids.role("r-viewer") } },
          { revokeSpaceAccess: { space: ids.space(2), principal: ids.account(2), role: ids.role("r-writer") } },
        ],
      },
      wanted: [role(3, 1, "r-viewer", true), role(2, 2, "r-writer", false)],
      answers: ["CREATED", "REMOVED"],
    },
  ];
}

function groups(ids: Ids): WriteCase[] {
  const hasGroup = (name: string) => (facts: ReadonlySet<string>) =>
    [...facts].some((fact) => fact.startsWith("group ") && fact.endsWith(` ${name}`));
  const remove = (title: string, group: string, name: string, answer: string): WriteCase => ({
    name: `deleteGroup ${title}`,
    mutation: "deleteGroup",
    input: { group: ids.group(group) },
    wanted: [
      {
        isSo: lacks(`group ${group} ${name}`),
        touches: new RegExp(`^(group|member) ${group} |^row \\d+ group ${group} |^role \\d+ GROUP ${group} `),
      },
    ],
    answers: [answer],
  });
  return [
    {
      name: "createGroup absent",
      mutation: "createGroup",
      input: { name: "night shift" },
      wanted: [{ isSo: hasGroup("night shift"), touches: / night shift$/ }],
      answers: ["CREATED"],
    },
    {
      name: "createGroup present",
      mutation: "createGroup",
      input: { name: "engineering" },
      wanted: [{ isSo: hasGroup("engineering"), touches: /^never$/ }],
      answers: ["ALREADY_EXISTS"],
    },
    remove("present", "group-4", "suspended only", "REMOVED"),
    remove("absent", "group-77", "none", "NOT_PRESENT"),
  ];
}

function provisioning(ids: Ids, organization: Deployment["organization"]): WriteCase[] {
  const newcomer = "new.person@example.com";
  const isIn = (facts: ReadonlySet<string>) => facts.has(`invited ${newcomer}`) || facts.has(`licensed ${newcomer}`);
  const give = (title: string, email: string, wanted: Wanted, answers: readonly string[], more = {}): WriteCase => ({
    name: `provisionAccount ${title}`,
    mutation: "provisionAccount",
    input: { email, ...(organization === "scim" ? { givenName: "New", familyName: "Person" } : {}), ...more },
    wanted: [wanted],
    answers,
  });
  const address = (number: number) => human(number).email ?? "";
  const hasProduct = (number: number) => (facts: ReadonlySet<string>) =>
    facts.has(`product ${id(number)} atlassian/user`) || facts.has(`invited ${address(number)}`);
  return [
    give("absent", newcomer, { isSo: isIn, touches: /^/ }, ["CREATED"]),
    give("present", address(2), { isSo: hasProduct(2), touches: /^never$/ }, ["ALREADY_EXISTS"]),
    give(
      "present without access",
      address(7),
      {
        isSo: hasProduct(7),
        touches: new RegExp(`^(product|member \\S+|usable) ${id(7)}|^(invited|licensed) ${address(7)}`),
      },
      ["CREATED"],
    ),
    {
      ...give("present, with a group", address(2), { isSo: hasProduct(2), touches: /^never$/ }, [
        "ALREADY_EXISTS",
        "CREATED",
      ]),
      input: { email: address(2), groups: [ids.group("group-5")] },
      wanted: [{ isSo: hasProduct(2), touches: /^never$/ }, membership("group-5", 2, true)],
    },
  ];
}

function status(ids: Ids): WriteCase[] {
  const change = (mutation: string, title: string, who: number, isSo: Wanted["isSo"], answer: string): WriteCase => ({
    name: `${mutation} ${title}`,
    mutation,
    input: { account: ids.account(who) },
    wanted: [
      {
        isSo,
        touches: new RegExp(
          `^(account|address|usable|organization|blocked|licensed|product|member \\S+) (${id(who)}|human-${who}@)`,
        ),
      },
    ],
    answers: [answer],
  });
  const gone = (who: number) => lacks(`organization ${id(who)}`);
  const blocked = (who: number) => holds(`blocked ${id(who)}`);
  const free = (who: number) => lacks(`blocked ${id(who)}`);
  return [
    change("suspendAccount", "active", 2, blocked(2), "REPLACED"),
    change("suspendAccount", "suspended", 4, blocked(4), "ALREADY_EXISTS"),
    change("restoreAccount", "suspended", 4, free(4), "REPLACED"),
    change("restoreAccount", "active", 2, free(2), "ALREADY_EXISTS"),
    change("removeAccount", "present", 7, gone(7), "REMOVED"),
    change("removeAccount", "suspended", 4, gone(4), "REMOVED"),
  ];
}
