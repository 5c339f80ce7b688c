import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import { schemas } from "./schemas.js";

/** One operation of a PATCH. */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string | undefined;
  readonly value: unknown;
}

/** Reads the operations. The document calls the list `operations`, its examples and the standard `Operations`: both do. */
export function readOperations(body: unknown): readonly PatchOperation[] {
  const list = isObject(body) ? (body.Operations ?? body.operations) : undefined;
  if (!isObject(body) || !Array.isArray(list) || list.length === 0) {
    throw new Refusal(400, "Operations must be a list of at least one operation.", "invalidSyntax");
  }
  if (!Array.isArray(body.schemas) || !body.schemas.includes(schemas.patch)) {
    throw new Refusal(400, `schemas must name ${schemas.patch}.`, "invalidSyntax");
  }
  return list.map((each: unknown) => {
    const { op, path, value } = isObject(each) ? each : {};
    const name = typeof op === "string" ? op.toLowerCase() : "";
    if (name !== "add" && name !== "replace" && name !== "remove") {
      throw new Refusal(400, "op must be add, replace or remove.", "invalidSyntax");
    }
    if (path !== undefined && typeof path !== "string") throw new Refusal(400, "path must be a text.", "invalidPath");
    if (path === undefined && name === "remove") throw new Refusal(400, "remove needs a path.", "noTarget");
    return { op: name, path, value };
  });
}

type Json = Record<string, unknown>;

/** A user with operations applied to what SCIM shows of it. Paths beyond the attributes of a user are a 400. */
export function applyPatch(user: Readonly<Json>, operations: readonly PatchOperation[]): Json {
  const patched: Json = structuredClone({ ...user });
  for (const { op, path, value } of operations) {
    if (path !== undefined) put(patched, path, op === "remove" ? undefined : value);
    else if (isObject(value)) for (const [key, each] of Object.entries(value)) put(patched, key, each);
    else throw new Refusal(400, "Without a path, value must be an object.", "invalidValue");
  }
  return patched;
}

const single = new Set([
  "userName",
  "externalId",
  "displayName",
  "active",
  "nickName",
  "title",
  "preferredLanguage",
  "department",
  "organization",
  "timezone",
  "phoneNumbers",
  "emails",
]);
const names = new Set(["givenName", "familyName", "formatted"]);

function put(user: Json, path: string, value: unknown): void {
  const plain = path.startsWith(`${schemas.user}:`) ? path.slice(schemas.user.length + 1) : path;
  if (path === schemas.enterprise && isObject(value)) {
    for (const [key, each] of Object.entries(value)) put(user, `${schemas.enterprise}:${key}`, each);
  } else if (path.startsWith(`${schemas.enterprise}:`)) {
    const key = path.slice(schemas.enterprise.length + 1);
    if (key !== "department" && key !== "organization") throw unknownPath(path);
    set(user, key, value);
    user[schemas.enterprise] = {};
  } else if (plain === "name" && isObject(value)) {
    for (const [key, each] of Object.entries(value)) put(user, `name.${key}`, each);
  } else if (plain.startsWith("name.") && names.has(plain.slice(5))) {
    const name: Json = isObject(user.name) ? { ...user.name } : {};
    set(name, plain.slice(5), value);
    user.name = name;
  } else if (/^emails\[(type eq "work"|primary eq true)\]\.value$/i.test(plain)) {
    user.emails = value === undefined ? [] : [{ value, type: "work", primary: true }];
  } else if (single.has(plain)) {
    set(user, plain, value);
    if (plain === "department" || plain === "organization") user[schemas.enterprise] = {};
  } else throw unknownPath(path);
}

function set(target: Json, key: string, value: unknown): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

function unknownPath(path: string): Refusal {
  return new Refusal(400, `The attribute ${path} cannot be changed.`, "invalidPath");
}
