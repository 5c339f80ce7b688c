import { z } from "zod";
import type { RunningSandbox } from "../../../sandbox/src/startSandbox.js";
import type { CloudWorld, DataCenterWorld } from "../../../sandbox/src/world/World.js";

/** All that a sandbox holds and that a change may be about, a line each. */
export type WorldFacts = ReadonlySet<string>;

export async function readFacts(sandbox: RunningSandbox): Promise<WorldFacts> {
  const { cloud, dataCenter } = sandbox.world();
  if (dataCenter !== undefined) return new Set(factsOfDataCenter(dataCenter));
  const listed = await sandbox.ask({ method: "GET", url: "/__sandbox/invitations", headers: {}, body: "" });
  const invitations = z.array(z.object({ email: z.string() })).parse(JSON.parse(listed?.text ?? "null"));
  return new Set([
    ...(cloud === undefined ? [] : factsOfCloud(cloud)),
    ...invitations.map(({ email }) => `invited ${email.toLowerCase()}`),
  ]);
}

function factsOfCloud({ accounts, groups, spaces }: CloudWorld): string[] {
  return [
    ...accounts.flatMap(({ accountId, accountStatus, orgStatus, email, productRoles = ["atlassian/user"] }) => [
      `account ${accountId}`,
      ...(email === null ? [] : [`address ${email.toLowerCase()}`]),
      ...(accountStatus === "active" ? [`usable ${accountId}`] : []),
      ...(orgStatus === "not_invited" ? [] : [`organization ${accountId}`]),
      ...(orgStatus === "suspended" || orgStatus === "deactivated" || accountStatus !== "active"
        ? [`blocked ${accountId}`]
        : []),
      ...(email !== null && productRoles.includes("atlassian/user") ? [`licensed ${email.toLowerCase()}`] : []),
      ...productRoles.map((role) => `product ${accountId} ${role}`),
    ]),
    ...groups.flatMap(({ id, name, members }) => [
      `group ${id} ${name}`,
      ...members.map((member) => `member ${id} ${member}`),
    ]),
    ...spaces.flatMap(({ id, permissions, roleAssignments }) => [
      ...permissions.map(
        ({ principal, operation }) =>
          `row ${id} ${principal.type} ${principal.id} ${operation.key}/${operation.targetType}`,
      ),
      ...roleAssignments.map(
        ({ principal, roleId }) => `role ${id} ${principal.principalType} ${principal.principalId} ${roleId}`,
      ),
    ]),
  ];
}

function factsOfDataCenter({ users, groups, spaces }: DataCenterWorld): string[] {
  const keyOf = new Map(users.map(({ username, userKey }) => [username.toLowerCase(), userKey]));
  const person = (name: string) => keyOf.get(name.toLowerCase()) ?? name;
  return [
    ...users.flatMap(({ userKey, username, displayName, email, status }) => [
      `account ${userKey}`,
      `username ${username.toLowerCase()}`,
      `profile ${userKey} ${displayName} ${email}`,
      ...(status === "deactivated" ? [`blocked ${userKey}`] : []),
    ]),
    ...groups.flatMap(({ name, members, groups: children = [] }) => [
      `group ${name} ${name}`,
      ...members.map((member) => `member ${name} ${person(member)}`),
      ...children.map((child) => `nested ${name} ${child}`),
    ]),
    ...spaces.flatMap(({ id, permissions }) =>
      permissions.map(({ subject, operation }) => {
        const holder = subject.userKey ?? (subject.type === "user" ? person(subject.name ?? "") : (subject.name ?? ""));
        return `row ${id} ${subject.type} ${holder} ${operation.operationKey}/${operation.targetType}`;
      }),
    ),
  ];
}
