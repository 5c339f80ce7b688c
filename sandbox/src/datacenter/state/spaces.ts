import type { DataCenterPermission, DataCenterSpace } from "../../world/World.js";
import type { UserBook } from "./directory.js";

/** A space without its permissions. */
export type HeldSpace = Omit<DataCenterSpace, "permissions">;

interface Held {
  readonly space: HeldSpace;
  readonly permissions: PermissionList;
}

/** The spaces and what is granted in each. Keys are compared without letter case. */
export class SpaceBook {
  readonly #spaces = new Map<string, Held>();

  constructor(spaces: readonly DataCenterSpace[], rowsOf: (space: DataCenterSpace) => readonly PermissionRow[]) {
    for (const world of spaces) {
      const { permissions: _, ...space } = world;
      this.#spaces.set(space.key.toLowerCase(), { space, permissions: new PermissionList(rowsOf(world)) });
    }
  }

  /** In the order of the world file. */
  all(): readonly HeldSpace[] {
    return [...this.#spaces.values()].map(({ space }) => space);
  }

  byKey(key: string): HeldSpace | undefined {
    return this.#spaces.get(key.toLowerCase())?.space;
  }

  /** What is granted in it; none in a space that does not exist. */
  rows(key: string): readonly PermissionRow[] {
    return this.#permissions(key)?.rows() ?? [];
  }

  rowsOf(key: string, subject: Subject): readonly PermissionRow[] {
    return this.#permissions(key)?.of(subject) ?? [];
  }

  has(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.has(subject, operation) === true;
  }

  /** False when it is there already. */
  grant(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.grant(subject, operation) === true;
  }

  /** False when it is not there. */
  revoke(key: string, subject: Subject, operation: Operation): boolean {
    return this.#permissions(key)?.revoke(subject, operation) === true;
  }

  /** What was granted to one in any space is another's from now on. */
  hand(from: Subject, to: Subject): void {
    for (const { permissions } of this.#spaces.values()) permissions.hand(from, to);
  }

  #permissions(key: string): PermissionList | undefined {
    return this.#spaces.get(key.toLowerCase())?.permissions;
  }
}

/** The grants of one space, or those of the whole site, in the order they were given. */
export class PermissionList {
  readonly #rows: Map<string, PermissionRow>;
  #version = 0;

  constructor(rows: readonly PermissionRow[]) {
    this.#rows = new Map(rows.map((row) => [keyOf(row.subject, row.operation), row]));
  }

  /** Changes whenever any row does; what is derived from rows is kept by it. */
  get version(): number {
    return this.#version;
  }

  rows(): readonly PermissionRow[] {
    return [...this.#rows.values()];
  }

  of(subject: Subject): readonly PermissionRow[] {
    const key = subjectKey(subject);
    return this.rows().filter((row) => subjectKey(row.subject) === key);
  }

  has(subject: Subject, operation: Operation): boolean {
    return this.#rows.has(keyOf(subject, operation));
  }

  /** False when it is there already. */
  grant(subject: Subject, { operationKey, targetType }: Operation): boolean {
    const operation = { operationKey, targetType };
    if (this.has(subject, operation)) return false;
    this.#rows.set(keyOf(subject, operation), { subject, operation });
    this.#version += 1;
    return true;
  }

  /** False when it is not there. */
  revoke(subject: Subject, operation: Operation): boolean {
    const isThere = this.#rows.delete(keyOf(subject, operation));
    if (isThere) this.#version += 1;
    return isThere;
  }

  /** What was granted to one is another's from now on, in the same places. */
  hand(from: Subject, to: Subject): void {
    const key = subjectKey(from);
    const rows = this.rows();
    if (!rows.some(({ subject }) => subjectKey(subject) === key)) return;
    this.#rows.clear();
    for (const row of rows) {
      const handed = subjectKey(row.subject) === key ? { ...row, subject: to } : row;
      this.#rows.set(keyOf(handed.subject, handed.operation), handed);
    }
    this.#version += 1;
  }
}

function keyOf(subject: Subject, { operationKey, targetType }: Operation): string {
  return `${subjectKey(subject)}\n${operationKey}/${targetType}`;
}

/** One grant. */
export interface PermissionRow {
  readonly subject: Subject;
  readonly operation: Operation;
  /** The subject in the words of the world file it came from, so that it goes back into one the same. */
  readonly stated?: DataCenterPermission["subject"];
}

/** What a permission allows: `read` on `space`. The REST API's words. */
export interface Operation {
  readonly operationKey: string;
  readonly targetType: string;
}

/** A row of a world file: a user who is only named is found by the name, where somebody has it. */
export function readRow({ subject, operation }: DataCenterPermission, users: UserBook): PermissionRow {
  return { subject: readSubject(subject, users), operation, stated: subject };
}

function readSubject({ type, name = "", userKey }: DataCenterPermission["subject"], users: UserBook): Subject {
  if (type === "group") return { kind: "group", name };
  if (type !== "user") return { kind: type };
  const key = userKey ?? users.byName(name)?.userKey;
  return key === undefined ? { kind: "lost-user", username: name } : { kind: "user", userKey: key };
}

/** A grant in the format of world files. A row that came from one goes back as it was, unless its name now means another. */
export function mapRow({ subject, operation, stated }: PermissionRow, users: UserBook): DataCenterPermission {
  return {
    subject: stated !== undefined && isStillTrue(stated, subject, users) ? stated : mapSubject(subject),
    operation,
  };
}

function isStillTrue(stated: DataCenterPermission["subject"], subject: Subject, users: UserBook): boolean {
  if (subject.kind === "lost-user") return true;
  return stated.type !== "user" || stated.userKey !== undefined || nameMeans(stated.name, subject, users);
}

function nameMeans(name: string | undefined, subject: Subject, users: UserBook): boolean {
  return subject.kind === "user" && name !== undefined && users.byName(name)?.userKey === subject.userKey;
}

function mapSubject(subject: Subject): DataCenterPermission["subject"] {
  switch (subject.kind) {
    case "user":
      return { type: "user", userKey: subject.userKey };
    case "lost-user":
      return { type: "user", name: subject.username };
    case "group":
      return { type: "group", name: subject.name };
    default:
      return { type: subject.kind };
  }
}

/** Whom a permission is granted to. */
export type Subject =
  /** The user may be gone; its rows stay. */
  | { readonly kind: "user"; readonly userKey: string }
  /** Left over in a world file: a user name that nobody has and no key. It matches nobody, until somebody gets the name. */
  | { readonly kind: "lost-user"; readonly username: string }
  /** The group may be gone; its rows stay. */
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "anonymous" }
  | { readonly kind: "unlicensed" };

/** One text a subject: equal for equal subjects. Names are case-insensitive. */
function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case "user":
      return `user ${subject.userKey}`;
    case "lost-user":
      return `lost-user ${subject.username.toLowerCase()}`;
    case "group":
      return `group ${subject.name.toLowerCase()}`;
    default:
      return subject.kind;
  }
}

/** What lets somebody see a space. */
export const readSpace: Operation = { operationKey: "read", targetType: "space" };

/** What lets somebody use the site, and counts towards its licence. */
export const useSite: Operation = { operationKey: "use", targetType: "application" };

/** Whether a subject administers the site by a global permission, of which there are two. */
export function mayAdministerSite(globals: PermissionList, subject: Subject): boolean {
  return ["application", "system"].some((targetType) =>
    globals.has(subject, { operationKey: "administer", targetType }),
  );
}

/** The fourteen permissions of a space: what JSON-RPC calls each, and what REST does. */
export const spacePermissionTypes: ReadonlyMap<string, Operation> = new Map([
  ["VIEWSPACE", { operationKey: "read", targetType: "space" }],
  ["EDITSPACE", { operationKey: "create", targetType: "page" }],
  ["REMOVEPAGE", { operationKey: "delete", targetType: "page" }],
  ["EDITBLOG", { operationKey: "create", targetType: "blogpost" }],
  ["REMOVEBLOG", { operationKey: "delete", targetType: "blogpost" }],
  ["COMMENT", { operationKey: "create", targetType: "comment" }],
  ["REMOVECOMMENT", { operationKey: "delete", targetType: "comment" }],
  ["CREATEATTACHMENT", { operationKey: "create", targetType: "attachment" }],
  ["REMOVEATTACHMENT", { operationKey: "delete", targetType: "attachment" }],
  ["REMOVEOWNCONTENT", { operationKey: "delete_own", targetType: "space" }],
  ["REMOVEMAIL", { operationKey: "delete_mail", targetType: "space" }],
  ["EXPORTSPACE", { operationKey: "export", targetType: "space" }],
  ["SETPAGEPERMISSIONS", { operationKey: "restrict", targetType: "space" }],
  ["SETSPACEPERMISSIONS", { operationKey: "administer", targetType: "space" }],
]);
