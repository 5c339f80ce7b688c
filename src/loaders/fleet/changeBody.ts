import type { WhatChanged } from "../../domain/Change.js";
import type { ToldAbroad } from "../engine/ChangeEvents.js";

/** A change as it is told to other processes, and by which of them. */
export interface ChangeBody {
  readonly processId: string;
  /** Counted by that process. */
  readonly ticket: number;
  readonly told: ToldAbroad;
}

/** Raised whenever a process that knows only the format before would not forget enough. */
const formatVersion = 1;

/** What each kind of change names: a text, or a text or `null`. */
const fieldsOf: { readonly [K in WhatChanged["kind"]]: Readonly<Record<string, "text" | "text or null">> } = {
  membershipChanged: { groupId: "text", accountId: "text" },
  groupCreated: { groupId: "text or null" },
  groupDeleted: { groupId: "text" },
  spaceGrantsChanged: { spaceId: "text" },
  accountCreated: account(),
  accountUpdated: account(),
  accountStatusChanged: account(),
  accountRemoved: account(),
  productRoleChanged: { accountId: "text" },
};

function account() {
  return { accountId: "text or null", username: "text or null", email: "text or null" } as const;
}

export function writeBody({ processId, ticket, told }: ChangeBody): Buffer {
  return Buffer.from(JSON.stringify({ format: formatVersion, processId, ticket, ...told }));
}

/** What was told; `null` where it is of a format, or of a kind, that is not known here. */
export function readBody(bytes: Buffer): ChangeBody | null {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  if (!isRecord(body) || body.format !== formatVersion) return null;
  const { processId, ticket, url, orgId, what, isSeen } = body;
  if (typeof processId !== "string" || typeof ticket !== "number" || typeof url !== "string") return null;
  if ((orgId !== null && typeof orgId !== "string") || typeof isSeen !== "boolean" || !isChange(what)) return null;
  return { processId, ticket, told: { url, orgId, what, isSeen } };
}

function isChange(what: unknown): what is WhatChanged {
  if (!isRecord(what) || typeof what.kind !== "string" || !Object.hasOwn(fieldsOf, what.kind)) return false;
  const fields: Readonly<Record<string, string>> = fieldsOf[what.kind as WhatChanged["kind"]];
  return Object.entries(fields).every(
    ([name, type]) => typeof what[name] === "string" || (type === "text or null" && what[name] === null),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
