import type { AccountId, GroupId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import { cleanExcerpt } from "../../http/errors.js";
import { readShape } from "../readShape.js";
import type { AccountWriter, LongTask, LongTaskId, NewAccount, SiteWriter } from "../writerPort.js";
import { fetchUser, fetchUsername } from "./accounts.js";
import { callRemoteApi } from "./client.js";
import type { DataCenterContext, GroupNames } from "./context.js";
import { refuse } from "./errors.js";
import { isRouteMissing } from "./features.js";
import { anonymousUsers, objectionToPathName, operationNames, pathName } from "./names.js";
import { type LongTaskWire, longTaskSubmissionWire, longTaskWire } from "./wire.js";

/** Writes to a Data Center site: permissions, memberships, groups and accounts. */
export function createDataCenterWriter(context: DataCenterContext): SiteWriter {
  const { client, features, groups } = context;
  return {
    grantableOperations: operationNames.all,
    grantableClasses: new Set([anonymousUsers.classId]),
    roleClasses: new Set(),
    hasCascades: false,
    accounts: createDataCenterAccountWriter(context),
    addPermission: ({ key }, principal, operation) =>
      writePermission(context, { key, principal, operation, isGrant: true }),
    removePermission: ({ key }, { principal, operation }) =>
      writePermission(context, { key, principal, operation, isGrant: false }),
    setRole: () => refuse("Setting a space role", "Confluence Data Center has no space roles."),
    addMember: (groupId, accountId) => writeMembership(context, "PUT", groupId, accountId),
    removeMember: (groupId, accountId) => writeMembership(context, "DELETE", groupId, accountId),
    createGroup: async (name) => {
      await client.transport.send({
        method: "POST",
        call: "POST /rest/api/admin/group",
        path: "/rest/api/admin/group",
        body: { type: "group", name },
      });
      // Whatever the answer holds: the name is the id.
      return groups.meet({ name });
    },
    deleteGroup: async (groupId) => {
      const call = "DELETE /rest/api/admin/group/{groupName}";
      const path = `/rest/api/admin/group/${pathName("group", groups.nameOf(groupId), call)}`;
      await client.transport.send({ method: "DELETE", call, path });
      groups.forget(groupId);
    },
    checkAccessByEmail: () => refuse("Checking access by e-mail", "Confluence Data Center has no such call."),
    inviteByEmail: () => refuse("Inviting by e-mail", "Accounts of Confluence Data Center are created, not invited."),
    objectionTo: async (principal, space) => {
      const keyObjection = space === undefined ? null : objectionToPathName("space", space.key);
      const remoteObjection = keyObjection === null ? null : await features.reasonAgainst("remoteApi");
      if (remoteObjection !== null) return `${keyObjection} ${remoteObjection}`;
      if (principal.kind === "account") return null;
      if (principal.kind === "group") {
        const isRestMissing = (await features.reasonAgainst("spacePermissionWrites")) !== null;
        if (isRestMissing || keyObjection !== null) return objectionToSharedName(context, principal.groupId);
        return objectionToPathName("group", principal.groupId);
      }
      if (principal.classId === anonymousUsers.classId) return null;
      return "Of all classes only anonymous users hold single permissions that can be changed.";
    },
    objectionToMembership: (groupId, { username }) => {
      if (username === null)
        return "The site does not tell the user name of the account, by which it is added and removed.";
      return objectionToPathName("group", groupId) ?? objectionToPathName("user", username);
    },
    objectionToGroup: (name) => objectionToPathName("group", name),
  };
}

async function writeMembership(
  context: DataCenterContext,
  method: "PUT" | "DELETE",
  groupId: GroupId,
  accountId: AccountId,
): Promise<void> {
  const call = `${method} /rest/api/user/{username}/group/{groupName}`;
  const group = pathName("group", context.groups.nameOf(groupId), call);
  // The plan was made on the account as it was read just now: 200 changes ask for 20 people 20 times.
  const username = context.usernames.nameOf(accountId) ?? (await fetchUsername(context, accountId));
  const user = pathName("user", username, call);
  await context.client.transport.send({ method, call, path: `/rest/api/user/${user}/group/${group}` });
}

const permissionsPath = "/rest/api/space/{spaceKey}/permissions";

/**
 * Grants or revokes one permission: by REST where the site has it (9.1), else by JSON-RPC, which also takes the space keys
 * that no path takes. The other way is gone only where the route is missing, so that nothing was done; never after an answer
 * that failed or was lost.
 */
async function writePermission(context: DataCenterContext, write: PermissionWrite): Promise<void> {
  const objection = objectionToPathName("space", write.key);
  if (objection !== null) return writePermissionUnderAnyKey(context, write, objection);
  try {
    await writePermissionByRest(context, write);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    // Not sent, because no path takes the name: JSON-RPC could, but is left to the sites that have nothing else.
    if (error.status === null && (await context.features.reasonAgainst("spacePermissionWrites")) === null) throw error;
    await writePermissionByRemoteApi(context, write);
  }
}

async function writePermissionUnderAnyKey(
  context: DataCenterContext,
  write: PermissionWrite,
  objection: string,
): Promise<void> {
  try {
    await writePermissionByRemoteApi(context, write);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    const { call, status, message } = error;
    throw new SiteError("Unsupported", `${objection} ${message}`, { call, status, cause: error });
  }
}

async function writePermissionByRest(
  { client, features, groups }: DataCenterContext,
  write: PermissionWrite,
): Promise<void> {
  const { key, principal, operation, isGrant } = write;
  const action = isGrant ? "grant" : "revoke";
  const [template, subject] = await restAddressOf(principal, action, groups);
  await features.whereOffered("spacePermissionWrites", () =>
    client.transport.send({
      method: "PUT",
      call: `PUT ${permissionsPath}/${template}/${action}`,
      path: `/rest/api/space/${encodeURIComponent(key)}/permissions/${subject}/${action}`,
      body: [operationNames.toRest(operation)],
    }),
  );
}

/** Where the permissions of a principal stand: as a template, and as sent. */
async function restAddressOf(
  principal: Principal,
  action: string,
  groups: GroupNames,
): Promise<readonly [string, string]> {
  switch (principal.kind) {
    case "account":
      return ["user/{userKey}", `user/${encodeURIComponent(principal.accountId)}`];
    case "group": {
      const template = "group/{groupName}";
      const call = `PUT ${permissionsPath}/${template}/${action}`;
      return [template, `group/${pathName("group", groups.nameOf(principal.groupId), call)}`];
    }
    case "accessClass":
      if (principal.classId === "anonymous-users") return ["anonymous", "anonymous"];
      return refuse(
        `PUT ${permissionsPath}/…/${action}`,
        "Of all classes only anonymous users hold single permissions.",
      );
  }
}

/**
 * Grants or revokes one permission by JSON-RPC. It takes a name as a user's first and as a group's then, so a group that
 * shares its name with a user is refused: the user would get what was meant for the group.
 */
async function writePermissionByRemoteApi(context: DataCenterContext, write: PermissionWrite): Promise<void> {
  const { key, principal, operation, isGrant } = write;
  const name = operationNames.toRemote(operation);
  switch (principal.kind) {
    case "account": {
      const username = await fetchUsername(context, principal.accountId);
      return isGrant
        ? sendRemotePermission(context, "addPermissionsToSpace", [[name], username, key])
        : sendRemotePermission(context, "removePermissionFromSpace", [name, username, key]);
    }
    case "group": {
      const method = isGrant ? "addPermissionsToSpace" : "removePermissionFromSpace";
      const objection = await objectionToSharedName(context, principal.groupId);
      if (objection !== null) return refuse(`POST /rpc/json-rpc/confluenceservice-v2/${method}`, objection);
      return sendRemotePermission(context, method, [
        isGrant ? [name] : name,
        context.groups.nameOf(principal.groupId),
        key,
      ]);
    }
    case "accessClass": {
      const method = isGrant ? "addAnonymousPermissionToSpace" : "removeAnonymousPermissionFromSpace";
      if (principal.classId === "anonymous-users") return sendRemotePermission(context, method, [name, key]);
      const why = "Of all classes only anonymous users hold single permissions.";
      return refuse(`POST /rpc/json-rpc/confluenceservice-v2/${method}`, why);
    }
  }
}

/** `true`, also when nothing changed; anything else leaves open what was done. */
async function sendRemotePermission(
  context: DataCenterContext,
  method: string,
  parameters: readonly unknown[],
): Promise<void> {
  const answer = await callRemoteApi(context, { method, parameters });
  if (answer === true) return;
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  const message = `${call} answered without saying that it was done. Read the space's permissions before asking again.`;
  throw new SiteError("UpstreamFailed", message, { call, status: 200, isAnswerLost: true });
}

/** One permission to grant or to revoke. */
interface PermissionWrite {
  readonly key: SpaceKey;
  readonly principal: Principal;
  readonly operation: Operation;
  readonly isGrant: boolean;
}

/** Why JSON-RPC cannot address a group, for a person: a user has the same name. `null` where nobody has. Asks for the user afresh. */
async function objectionToSharedName(context: DataCenterContext, groupId: GroupId): Promise<string | null> {
  try {
    await fetchUser(context, { username: groupId });
  } catch (error) {
    if (isOfKind(error, "NotVisible")) return null;
    throw error;
  }
  return `A user is called "${groupId}" like the group, and this version of Confluence takes the name as the user's: the group's permissions can be changed in Confluence itself, or from 9.1 on.`;
}

const userPath = "/rest/api/admin/user/{username}";

/** Writes to the accounts of a Data Center site. */
function createDataCenterAccountWriter(context: DataCenterContext): AccountWriter {
  const { client, features } = context;
  const pathOf = (username: string, call: string) => `/rest/api/admin/user/${pathName("user", username, call)}`;
  const put = async (username: string, action: "disable" | "enable") => {
    const call = `PUT ${userPath}/${action}`;
    await client.transport.send({ method: "PUT", call, path: `${pathOf(username, call)}/${action}` });
  };
  return {
    // JSON-RPC, the only way before 8.4, sends no e-mail.
    passwordWays: async () =>
      new Set((await features.reasonAgainst("createUser")) === null ? ["GIVEN", "SET_BY_PERSON"] : ["GIVEN"]),
    objectionToUpdate: () => features.reasonAgainst("updateUser"),
    objectionToNewUsername,
    objectionToUsername: (username) => objectionToPathName("user", username),
    create: (account) => createAccount(context, account),
    update: async (username, { fullName, email }) => {
      const call = `PUT ${userPath}`;
      const path = pathOf(username, call);
      await features.whereOffered("updateUser", () =>
        client.transport.send({ method: "PUT", call, path, body: { fullName, email } }),
      );
    },
    disable: (username) => put(username, "disable"),
    enable: (username) => put(username, "enable"),
    remove: async (username) => {
      const call = `DELETE ${userPath}`;
      const { body, status } = await client.transport.send({ method: "DELETE", call, path: pathOf(username, call) });
      const task = longTaskSubmissionWire.safeParse(body);
      if (task.success) return String(task.data.id) as LongTaskId;
      const message = `${call} answered ${status} without naming a task, so that it cannot be followed. Read the account to learn what became of it.`;
      throw new SiteError("ContractDrift", message, { call, status, isAnswerLost: true });
    },
    taskOf: async (id) => {
      const call = "GET /rest/api/longtask/{id}";
      const path = `/rest/api/longtask/${encodeURIComponent(id)}`;
      try {
        return mapLongTask(
          readShape(longTaskWire, (await client.transport.send({ method: "GET", call, path })).body, call),
        );
      } catch (error) {
        if (isOfKind(error, "NotVisible")) return null;
        throw error;
      }
    },
  };
}

/** By REST where the site has it (8.4), else by JSON-RPC, which wants a password; never by both. */
async function createAccount(context: DataCenterContext, account: NewAccount): Promise<void> {
  const { client, features } = context;
  const { username, fullName, email, password } = account;
  const secrets = password === null ? [] : [password];
  try {
    await features.whereOffered("createUser", () =>
      client.transport.send({
        method: "POST",
        call: "POST /rest/api/admin/user",
        path: "/rest/api/admin/user",
        // Left out, `notifyViaEmail` is a 400; true with a password as well.
        body:
          password === null
            ? { userName: username, fullName, email, notifyViaEmail: true }
            : { userName: username, fullName, email, notifyViaEmail: false, password: password.reveal() },
        secrets,
      }),
    );
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    if (password === null) {
      const { call, status, message } = error;
      const advice = "Without it an account is created with a password only: give one.";
      throw new SiteError("Unsupported", `${message} ${advice}`, { call, status, cause: error });
    }
    const parameters = [{ name: username, fullname: fullName, email }, password.reveal()];
    const done = await callRemoteApi(context, { method: "addUser", parameters, secrets });
    // Null is its way to say yes.
    if (done === false) {
      const call = "POST /rpc/json-rpc/confluenceservice-v2/addUser";
      throw new SiteError("RequestRejected", `${call} answered that nothing was created.`, { call, status: 200 });
    }
  }
}

/** A task at 100 % is over, and has failed where it says so; before that it is under way, whatever it says. */
export function mapLongTask({ percentageComplete, successful, messages }: LongTaskWire): LongTask {
  const percentage = Math.min(100, Math.max(0, percentageComplete));
  const last = messages?.at(-1);
  const message = cleanExcerpt(last?.translation ?? last?.key ?? "", []);
  return {
    state: percentage < 100 ? "RUNNING" : successful === false ? "FAILED" : "SUCCEEDED",
    percentage,
    message: message === "" ? null : message,
  };
}

/** Why no account of this name can be created, for a person; `null` where it can. A `/` is allowed, and `@`. */
export function objectionToNewUsername(username: string): string | null {
  if (username.trim() === "") return "The user name is empty.";
  if (/\s/.test(username)) return "A user name holds no white space.";
  if (username.toLowerCase() === "anonymous") return 'No user can be called "anonymous".';
  if (/[\\,+<>'"]/.test(username)) return "A user name holds none of these characters: \\ , + < > ' \"";
  if (username !== username.toLowerCase()) return "A user name holds no upper-case letters.";
  return null;
}
