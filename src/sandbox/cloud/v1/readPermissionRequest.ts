import { Refusal } from "../../http/Refusal.js";
import type { WorldPermission } from "../../world/World.js";
import type { CloudCall } from "../CloudCall.js";
import { isObject } from "../isObject.js";

/** A grant as asked for, and its subject as v1 names it. */
export interface PermissionRequest {
  readonly principal: WorldPermission["principal"];
  readonly operation: WorldPermission["operation"];
  readonly subject: { readonly type: "user" | "group"; readonly identifier: string };
}

/** The pairs that can be granted; what a list shows goes beyond them. */
const grantable: ReadonlySet<string> = new Set([
  "create/page",
  "create/blogpost",
  "create/comment",
  "create/attachment",
  "read/space",
  "delete/page",
  "delete/blogpost",
  "delete/comment",
  "delete/attachment",
  "delete/space",
  "export/space",
  "administer/space",
  "archive/page",
  "restrict_content/space",
]);

/** The body of a granular grant, checked. Subjects must exist: an unknown one is a 400, unlike an unknown space. */
export function readPermissionRequest(call: CloudCall): PermissionRequest {
  const body = call.json();
  if (!isObject(body) || !isObject(body.subject) || !isObject(body.operation)) {
    throw new Refusal(400, "The body must hold a subject and an operation.");
  }
  const { type, identifier } = body.subject;
  const { key, target } = body.operation;
  if (type !== "user" && type !== "group") throw new Refusal(400, "subject.type must be user or group.");
  if (typeof identifier !== "string" || identifier === "") throw new Refusal(400, "subject.identifier is missing.");
  if (typeof key !== "string" || typeof target !== "string" || !grantable.has(`${key}/${target}`)) {
    throw new Refusal(400, `The operation ${String(key)} on ${String(target)} cannot be granted.`);
  }
  const principal = type === "user" ? findUser(call, identifier) : findGroup(call, identifier);
  const isAnonymous = principal.type === "access-class";
  return {
    principal,
    operation: { key, targetType: target },
    subject: { type, identifier: isAnonymous ? identifier : principal.id },
  };
}

/** `anonymous` stands for everybody, and reads back as the access class. */
function findUser({ state }: CloudCall, identifier: string): WorldPermission["principal"] {
  if (identifier === "anonymous") return { type: "access-class", id: "anonymous-users" };
  const account = state.accounts.get(identifier);
  if (account === undefined || account.accountStatus === "closed") {
    throw new Refusal(400, `No user found with the given accountId ${identifier}.`);
  }
  return { type: "user", id: identifier };
}

function findGroup({ state }: CloudCall, identifier: string): WorldPermission["principal"] {
  const group = state.groups.get(identifier) ?? state.groups.byName(identifier);
  if (group === undefined) throw new Refusal(400, `No group found with the given groupName or groupId ${identifier}.`);
  return { type: "group", id: group.id };
}
