import type { WhatChanged } from "../../domain/Change.js";
import type { ToldAbroad } from "../engine/ChangeEvents.js";

/** A change as it is told to other processes, and by which of them. */
export interface ChangeBody {
  readonly processId: string;
  /** Counted by that process. */
  readonly ticket: number;
  readonly told: ToldAbroad;
}

/**
 * What a process tells at the beginning of an epoch of the one before: so that who followed that as well can know everything that was
 * in it.
 */
export interface Resumption {
  readonly processId: string;
  /** The epoch before, and up to where it had taken everything in. */
  readonly previous: string;
  readonly applied: number;
  /** Its own changes in there, the latest, by their numbers. */
  readonly own: readonly { readonly n: number; readonly told: ToldAbroad }[];
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

export function writeResumption(resumption: Resumption): Buffer {
  return Buffer.from(JSON.stringify({ format: formatVersion, ...resumption }));
}

/** What was told; `null` where it is of a format, or of a kind, that is not known here. */
export function readBody(bytes: Buffer): ChangeBody | Resumption | null {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    return null;
  }
  if (!isRecord(body) || body.format !== formatVersion) return null;
  const { processId, ticket } = body;
  if (typeof processId !== "string") return null;
  if (Object.hasOwn(body, "previous")) return readResumption(processId, body);
  const told = readTold(body);
  return typeof ticket !== "number" || told === null ? null : { processId, ticket, told };
}

function readResumption(processId: string, body: Readonly<Record<string, unknown>>): Resumption | null {
  const { previous, applied, own } = body;
  if (typeof previous !== "string" || typeof applied !== "number" || !Array.isArray(own)) return null;
  const read: { n: number; told: ToldAbroad }[] = [];
  for (const each of own as readonly unknown[]) {
    const told = isRecord(each) && isRecord(each.told) ? readTold(each.told) : null;
    if (told === null || !isRecord(each) || typeof each.n !== "number") return null;
    read.push({ n: each.n, told });
  }
  return { processId, previous, applied, own: read };
}

/** The same of a change alone. */
export function readTold({ url, orgId, what, isSeen }: Readonly<Record<string, unknown>>): ToldAbroad | null {
  if (typeof url !== "string" || typeof isSeen !== "boolean") return null;
  if ((orgId !== null && typeof orgId !== "string") || !isChange(what)) return null;
  return { url, orgId, what, isSeen };
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
