import { isObject, Refusal, type Reply } from "../http/service.js";
import { limits } from "../limits.js";
import type { WorldGroup } from "../world/World.js";
import { mapScimGroup, type ScimCall, type ScimRoutes } from "./directory.js";
import { pageScim, readFilter, readOperations } from "./protocol.js";

const groups = "/scim/directory/{directoryId}/Groups";

/** The groups that an identity provider writes. Their names cannot change. */
export const groupRoutes: ScimRoutes = {
  [`GET ${groups}`]: (call) => {
    const filter = readFilter(call.query, ["displayName"]);
    const rows = call.directory.groups().filter(({ name }) => filter === null || name === filter.value);
    return pageScim(call.query, rows, (group) => mapScimGroup(call, group));
  },
  [`POST ${groups}`]: createGroup,
  [`GET ${groups}/{groupId}`]: (call) => ({ status: 200, body: mapScimGroup(call, findGroup(call)) }),
  [`PUT ${groups}/{groupId}`]: replaceGroup,
  [`PATCH ${groups}/{groupId}`]: patchGroup,
  [`DELETE ${groups}/{groupId}`]: (call) => {
    call.state.groups.remove(findGroup(call).id);
    return { status: 204 };
  },
};

function createGroup(call: ScimCall): Reply {
  const { state, directory, now } = call;
  const { name, externalId, members } = readGroup(call, call.json(), 400);
  if (name === undefined || name.length > limits.nameLength) {
    throw new Refusal(400, `displayName must be a text of 1 to ${limits.nameLength} characters.`, "invalidValue");
  }
  // Any group of the organization counts, synchronised or not.
  if (state.groups.byName(name) !== undefined) {
    throw new Refusal(409, `A group with the name ${name} exists already.`, "uniqueness");
  }
  const group: WorldGroup = {
    id: state.newUuid(),
    name,
    usageType: "USERBASE_GROUP",
    managedBy: "EXTERNAL",
    members: [],
  };
  state.groups.put(group);
  for (const accountId of members) state.groups.addMember(group.id, accountId);
  directory.setGroupExternalId(group, externalId);
  directory.touch(group.id, now, true);
  return show(call, 201, group);
}

/** Replaces the members; the name has to stay as it is. */
function replaceGroup(call: ScimCall): Reply {
  const group = findGroup(call);
  const { name, externalId, members } = readGroup(call, call.json(), 400);
  requireSameName(group, name);
  setMembers(call, group, members);
  call.directory.setGroupExternalId(group, externalId);
  call.directory.touch(group.id, call.now);
  return show(call, 200, group);
}

/** Adds and removes members. All operations are read before any is carried out. */
function patchGroup(call: ScimCall): Reply {
  const group = findGroup(call);
  const members = new Set(group.members);
  for (const { op, path, value } of readOperations(call.json())) {
    const one = /^members\[value eq "([^"]*)"\]$/i.exec(path ?? "")?.[1];
    if (path === undefined || path === "displayName") {
      const { displayName, members: listed } = isObject(value) ? value : { displayName: value };
      if (displayName !== undefined) requireSameName(group, String(displayName));
      if (listed === undefined) continue;
      for (const accountId of readMembers(call, listed, 404)) members.add(accountId);
    } else if (one !== undefined && op === "remove") {
      for (const accountId of readMembers(call, [{ value: one }], 404)) members.delete(accountId);
    } else if (path === "members") {
      const named = value === undefined ? [...group.members] : readMembers(call, value, 404);
      if (op === "replace") members.clear();
      for (const accountId of named) {
        if (op === "remove") members.delete(accountId);
        else members.add(accountId);
      }
    } else throw new Refusal(400, `The attribute ${path} cannot be changed.`, "invalidPath");
  }
  setMembers(call, group, [...members]);
  call.directory.touch(group.id, call.now);
  return show(call, 200, group);
}

function setMembers({ state }: ScimCall, group: WorldGroup, members: readonly string[]): void {
  const wanted = new Set(members);
  for (const accountId of group.members) if (!wanted.has(accountId)) state.groups.removeMember(group.id, accountId);
  for (const accountId of wanted) state.groups.addMember(group.id, accountId);
}

interface GroupInput {
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly members: readonly string[];
}

function readGroup(call: ScimCall, body: unknown, unknownMember: number): GroupInput {
  if (!isObject(body)) throw new Refusal(400, "The body must be a JSON object.", "invalidSyntax");
  const { displayName, externalId, members = [] } = body;
  return {
    name: typeof displayName === "string" && displayName !== "" ? displayName : undefined,
    externalId: typeof externalId === "string" ? externalId : undefined,
    members: readMembers(call, members, unknownMember),
  };
}

/** SCIM ids of users, made into account ids. */
function readMembers({ directory }: ScimCall, value: unknown, unknownMember: number): readonly string[] {
  if (!Array.isArray(value)) throw new Refusal(400, "members must be a list.", "invalidValue");
  return value.map((each: unknown) => {
    const id: unknown = isObject(each) ? each.value : undefined;
    const account = typeof id === "string" ? directory.user(id) : undefined;
    if (account === undefined) throw new Refusal(unknownMember, `User ${String(id)} does not exist.`, "invalidValue");
    return account.accountId;
  });
}

function requireSameName({ name }: WorldGroup, wanted: string | undefined): void {
  if (wanted !== undefined && wanted !== name) {
    throw new Refusal(400, "displayName is immutable: make a new group instead.", "mutability");
  }
}

function findGroup({ directory, params }: ScimCall): WorldGroup {
  const id = params.groupId ?? "";
  const group = directory.group(id);
  if (group === undefined) throw new Refusal(404, `Group ${id} does not exist.`);
  return group;
}

function show(call: ScimCall, status: number, { id }: WorldGroup): Reply {
  const group = call.state.groups.get(id);
  return { status, body: group === undefined ? {} : mapScimGroup(call, group) };
}
