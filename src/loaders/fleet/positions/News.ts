import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ToldAbroad } from "../../engine/ChangeEvents.js";
import { readTold } from "../changeBody.js";
import type { Place } from "./position.js";

/** A change that does not stand in the stream yet: whose it is, and its number among theirs. */
export interface Unheard {
  readonly processId: string;
  readonly ticket: number;
  readonly told: ToldAbroad;
}

/** Changes of one process that do not stand in the stream yet: all before the first are where `News.taken` says. */
export interface Stretch {
  readonly processId: string;
  readonly first: number;
  readonly last: number;
}

/**
 * What a process knows of that the stream may not tell others: its own changes that could not be told there, and those of others that
 * callers brought from them. Whoever has taken in the same of the stream, and takes these in, is where that process was.
 */
export interface News {
  /** What it had taken in of the stream: one position, or two while it does not know yet what it missed between them. */
  readonly taken: readonly Place[];
  readonly stretches: readonly Stretch[];
  /** The changes themselves; the oldest are left out where there are too many. */
  readonly changes: readonly Unheard[];
}

const formatVersion = 1;
/** More seldom fit, and each try costs. */
const mostChanges = 64;
/** What is written is a fraction of that. */
const mostBytes = 65_536;

/** The news, in so many bytes at most: of more changes the oldest are left out. */
export function writeNews(news: News, most: number): Buffer | null {
  const { taken, stretches } = news;
  for (let changes = news.changes.slice(-mostChanges); ; changes = changes.slice(Math.ceil(changes.length / 3))) {
    const content = [
      formatVersion,
      taken.map(({ epoch, n, random }) => [epoch, n, random]),
      stretches.map(({ processId, first, last }) => [processId, first, last]),
      changes.map(({ processId, ticket, told }) => [processId, ticket, told]),
    ];
    const bytes = deflateRawSync(JSON.stringify(content));
    if (bytes.length <= most) return bytes;
    if (changes.length === 0) return null;
  }
}

/** What was written; `null` for what another version wrote, or of a kind of change that is not known here. */
export function readNews(bytes: Buffer): News | null {
  let content: unknown;
  try {
    content = JSON.parse(inflateRawSync(bytes, { maxOutputLength: mostBytes }).toString());
  } catch {
    return null;
  }
  const [format, ...lists] = Array.isArray(content) ? (content as readonly unknown[]) : [];
  const [taken, stretches, changes] = lists.map((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
  if (format !== formatVersion || taken === undefined || stretches === undefined || changes === undefined) return null;
  const read = {
    taken: taken.map(placeIn).filter((each) => each !== null),
    stretches: stretches.map(stretchIn).filter((each) => each !== null),
    changes: changes.map(unheardIn).filter((each) => each !== null),
  };
  const isWhole =
    read.taken.length === taken.length &&
    read.stretches.length === stretches.length &&
    read.changes.length === changes.length;
  return isWhole ? read : null;
}

function placeIn(each: unknown): Place | null {
  const [epoch, n, random] = Array.isArray(each) ? (each as readonly unknown[]) : [];
  if (typeof epoch !== "string" || typeof n !== "number" || typeof random !== "string") return null;
  return { epoch, n, random };
}

function stretchIn(each: unknown): Stretch | null {
  const [processId, first, last] = Array.isArray(each) ? (each as readonly unknown[]) : [];
  if (typeof processId !== "string" || typeof first !== "number" || typeof last !== "number") return null;
  return { processId, first, last };
}

function unheardIn(each: unknown): Unheard | null {
  const [processId, ticket, body] = Array.isArray(each) ? (each as readonly unknown[]) : [];
  const told = typeof body === "object" && body !== null ? readTold({ ...body }) : null;
  if (typeof processId !== "string" || typeof ticket !== "number" || told === null) return null;
  return { processId, ticket, told };
}
