import type { LogLevel } from "../config/Config.js";
import { currentMarks, type RequestMarks } from "./currentWork.js";
import { redact, redactField } from "./redact.js";

/** What the product needs of a log. Fields are structured and pass through redaction before they are written. */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

type WriteLine = (fields: Record<string, unknown>, message: string, marks?: RequestMarks | null) => void;

/**
 * The domain's logger, and what only those who set one up or carry a request need of it: a line is of the request that the work at hand
 * is done for, unless other marks are given.
 */
export interface StructuredLogger extends Logger {
  debug: WriteLine;
  info: WriteLine;
  warn: WriteLine;
  error: WriteLine;
  /** A logger that adds these fields to each of its lines. */
  child(fields: Readonly<Record<string, unknown>>): StructuredLogger;
}

/** Where lines go. */
interface LogDestination {
  write(line: string): unknown;
  /** Has lines that wait go out: called behind each that says that something is wrong. */
  flush?(): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Standard output unless told otherwise. */
  readonly destination?: LogDestination;
}

/**
 * A log of one JSON object a line: `level` as a word, `time` in ISO 8601, the fields, and `msg`. A line that is
 * written for a request says for which. Values under keys such as `authorization` are masked, and the finished line is searched once more for every registered secret, so that none
 * leaves inside a message or a stack.
 */
export function createLogger({ level, destination = process.stdout }: LoggerOptions): StructuredLogger {
  return loggerWith({ least: ranks[level], destination, bound: "" });
}

const ranks: Readonly<Record<LogLevel, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};
/** The levels that have lines. */
type Told = Exclude<LogLevel, "trace" | "fatal" | "silent">;

interface Writing {
  /** The rank of the least that is written. */
  readonly least: number;
  readonly destination: LogDestination;
  /** Fields of every line, as they stand in it. */
  readonly bound: string;
}

function loggerWith({ least, destination, bound }: Writing): StructuredLogger {
  const writeAt = (level: Told) => {
    const isWritten = ranks[level] >= least;
    const isUrgent = ranks[level] >= ranks.warn;
    return (fields: Record<string, unknown>, message: string, marks = currentMarks()) => {
      if (!isWritten) return;
      const own = writeFields(fields, marks?.logFields);
      const start = `{"level":"${level}","time":"${isoTime(Date.now())}"${bound}`;
      destination.write(redact(`${start}${own},"msg":${quote(String(message))}}\n`));
      if (isUrgent) destination.flush?.();
    };
  };
  return {
    debug: writeAt("debug"),
    info: writeAt("info"),
    warn: writeAt("warn"),
    error: writeAt("error"),
    child: (fields) => loggerWith({ least, destination, bound: bound + writeFields(fields) }),
  };
}

/**
 * Fields as they stand in a line, each behind a comma; those of its request first, unless the line has its own. Written one by one:
 * an object that holds them all together would take longer than the text.
 */
function writeFields(fields: Fields, ofRequest: Fields = none): string {
  try {
    let text = "";
    for (const key of Object.keys(ofRequest)) {
      text += writeField(key, Object.hasOwn(fields, key) ? fields[key] : ofRequest[key]);
    }
    for (const key of Object.keys(fields)) if (!Object.hasOwn(ofRequest, key)) text += writeField(key, fields[key]);
    return text;
  } catch {
    // Something has a `toJSON` that fails, or tells what JSON has no word for. Its line is worth more than its fields.
    return ',"fields":"[unwritable]"';
  }
}

type Fields = Readonly<Record<string, unknown>>;
const none: Fields = {};

function writeField(key: string, value: unknown): string {
  const shown = redactField(key, value);
  if (typeof shown === "string") return `${nameOf(key)}${quote(shown)}`;
  // Whole or not, it is written as in JSON, unless JSON has no word for it.
  if (typeof shown === "number" && Number.isFinite(shown)) return `${nameOf(key)}${shown}`;
  const text = JSON.stringify(shown);
  return text === undefined ? "" : `${nameOf(key)}${text}`;
}

/** Most lines have the same few names. */
const names = new Map<string, string>();
const namesKnown = 500;

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = `,${quote(key)}:`;
  if (names.size < namesKnown) names.set(key, name);
  return name;
}

/** In which nothing is to be escaped. */
const plainText = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

let lastMs = 0;
let lastText = new Date(0).toISOString();

/** Many lines are of one millisecond. */
function isoTime(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastText = new Date(nowMs).toISOString();
    lastMs = nowMs;
  }
  return lastText;
}

/** A log whose lines are those of a request, wherever they are written from. */
export function logFor(marks: RequestMarks, log: StructuredLogger): StructuredLogger {
  const writeAt = (level: Told) => (fields: Record<string, unknown>, message: string) =>
    log[level](fields, message, marks);
  return {
    debug: writeAt("debug"),
    info: writeAt("info"),
    warn: writeAt("warn"),
    error: writeAt("error"),
    child: (fields) => logFor(marks, log.child(fields)),
  };
}
