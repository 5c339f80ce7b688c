/** Bytes of a text that are parsed in one go: a tenth of a millisecond of what clients send, two of the worst that can be made up. */
const bytesOfPiece = 16_384;

/** Levels of lists and objects in a long text: each is seen to by itself, and nobody nests that deep. */
const mostLevels = 1_000;

/** It may be JSON. */
export class TooDeep extends Error {
  readonly levels = mostLevels;
}

const quote = 0x22;
const comma = 0x2c;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** A list or an object that began and has not ended, as far as the text was looked through. */
interface Open {
  readonly isList: boolean;
  /** Behind its bracket. */
  readonly start: number;
  /** The last comma between its items; -1 where there is none. */
  lastComma: number;
}

/** One of those, whose items are parsed some at a time. */
interface Growing {
  readonly of: Open;
  readonly value: unknown[] | Record<string, unknown>;
  /** From where on it is not parsed. */
  from: number;
  /** What was last put into it is a whole list or object, and nothing but a comma may follow. */
  isBehindChild: boolean;
  /** A comma was passed, and something has to follow. */
  isBehindComma: boolean;
}

/**
 * Parses JSON as `JSON.parse` does, which takes two seconds for four megabytes of brackets, a piece at a time. The text is looked through
 * once for where lists and objects begin and end; whole runs of items go to `JSON.parse`, and nothing but what is longer than a piece is
 * put together here, so that it decides what is JSON and what comes of it.
 *
 * Ends with what the text says, and throws where that is nothing; between two steps others may have their turn.
 */
export function* jsonInPieces(bytes: Buffer, most: number = bytesOfPiece): Generator<undefined, unknown> {
  const reading = new Reading(bytes, most);
  while (!reading.readOn()) yield undefined;
  if (reading.isSuspicious) yield* lookThrough(reading.value);
  return reading.value;
}

/** Whether any name is one by which something may be reached behind an object. Looking at names takes a tenth of looking through the text. */
export function isSuspicious(value: unknown): boolean {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) {
      for (let at = 0; at < next.length; at += 1) if (isContainer(next[at])) waiting.push(next[at]);
    } else if (isContainer(next)) {
      for (const name in next) {
        if (name === "__proto__" || name === "constructor") return true;
        const held = next[name];
        if (isContainer(held)) waiting.push(held);
      }
    }
  }
  return false;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Lists and objects that are looked at in one go. */
const lookedAtTogether = 2_000;

/** Throws where a name reaches behind an object, by the framework's rules. */
function* lookThrough(whole: unknown): Generator<undefined, void> {
  const waiting = [whole];
  for (let looked = 1; waiting.length > 0; looked += 1) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    const reaches = Object.hasOwn(next, "constructor") && isPrototyped(next.constructor);
    if (reaches || Object.hasOwn(next, "__proto__")) throw new SyntaxError("A name reaches behind an object.");
    for (const held of Object.values(next)) if (typeof held === "object" && held !== null) waiting.push(held);
    if (looked % lookedAtTogether === 0) yield undefined;
  }
}

function isPrototyped(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}

class Reading {
  readonly #bytes: Buffer;
  readonly #most: number;
  readonly #open: Open[] = [];
  readonly #growing: Growing[] = [];
  readonly #begin: number;
  #at: number;
  #isWhole = false;
  value: unknown = undefined;
  /** Whether such a name may stand in it. */
  isSuspicious = false;

  constructor(bytes: Buffer, most: number) {
    this.#bytes = bytes;
    this.#most = most;
    // A mark of the order of bytes is nothing wrong.
    const hasMark = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#begin = firstOf(bytes, hasMark ? 3 : 0);
    this.#at = this.#begin;
  }

  /** As far as a piece goes; true where that is to the end. */
  readOn(): boolean {
    const bytes = this.#bytes;
    const first = bytes[this.#at];
    if (this.#open.length === 0 && first !== openList && first !== openObject) {
      // One value by itself has no pieces.
      this.value = this.#parsed(bytes.toString("utf8", this.#begin));
      this.#isWhole = true;
      return true;
    }
    for (let at = nextOf(bytes, this.#at); at < bytes.length; at = nextOf(bytes, at + 1)) {
      const byte = bytes[at];
      this.#at = at;
      if (byte === quote) {
        at = endOfText(bytes, at + 1);
        this.#at = at;
      } else if (byte === comma) this.#passComma();
      else if (byte === openList || byte === openObject) {
        this.#open.push({ isList: byte === openList, start: at + 1, lastComma: -1 });
        if (this.#open.length > mostLevels) throw new TooDeep();
      } else {
        this.#close(byte === closeList);
        if (this.#isWhole) return true;
      }
      if (at - this.#from < this.#most) continue;
      const from = this.#from;
      this.#grow();
      if (this.#from === from) continue;
      this.#at = at + 1;
      return false;
    }
    throw new SyntaxError("The text ends before what it says does.");
  }

  /** From where on nothing is parsed. */
  get #from(): number {
    const { length } = this.#growing;
    return length === 0 ? this.#begin : (this.#growing[length - 1] as Growing).from;
  }

  #passComma(): void {
    const open = this.#open.at(-1);
    if (open === undefined) throw new SyntaxError("A comma between nothing.");
    open.lastComma = this.#at;
    const growing = this.#growing.at(-1);
    if (growing?.of !== open || !growing.isBehindChild) return;
    this.#beNothing(growing.from, this.#at);
    growing.isBehindChild = false;
    growing.isBehindComma = true;
    growing.from = this.#at + 1;
  }

  #close(isList: boolean): void {
    const open = this.#open.pop();
    if (open === undefined || open.isList !== isList) throw new SyntaxError("A bracket ends what did not begin.");
    const growing = this.#growing.at(-1);
    if (growing?.of === open) this.#endGrowing(growing);
    else if (this.#open.length === 0)
      this.#endWhole(this.#parsed(this.#bytes.toString("utf8", this.#begin, this.#at + 1)));
  }

  #endGrowing(growing: Growing): void {
    const { from, isBehindChild, isBehindComma } = growing;
    if (isBehindChild || firstOf(this.#bytes, from) >= this.#at) {
      this.#beNothing(from, this.#at);
      if (isBehindComma && !isBehindChild) throw new SyntaxError("Nothing follows a comma.");
    } else this.#take(growing, this.#at);
    this.#growing.pop();
    const parent = this.#growing.at(-1);
    if (parent === undefined) {
      this.#endWhole(growing.value);
      return;
    }
    parent.isBehindChild = true;
    parent.isBehindComma = false;
    parent.from = this.#at + 1;
  }

  #endWhole(value: unknown): void {
    this.value = value;
    this.#beNothing(this.#at + 1, this.#bytes.length);
    this.#isWhole = true;
  }

  /** Parses the items that have ended, and has what has not ended and is long parsed by its own items. */
  #grow(): void {
    if (this.#growing.length === 0) this.#growFrom(this.#open[0] as Open);
    for (let growing = this.#growing.at(-1) as Growing; ; growing = this.#growing.at(-1) as Growing) {
      if (growing.of.lastComma >= growing.from) {
        const end = growing.of.lastComma;
        this.#take(growing, end);
        growing.from = end + 1;
        growing.isBehindComma = true;
      }
      const child = this.#open[this.#growing.length];
      if (child === undefined || this.#at - growing.from < this.#most) return;
      this.#growChild(growing, child);
    }
  }

  #growFrom(of: Open): unknown[] | Record<string, unknown> {
    const value = of.isList ? [] : {};
    this.#growing.push({ of, value, from: of.start, isBehindChild: false, isBehindComma: false });
    return value;
  }

  #growChild(parent: Growing, child: Open): void {
    const { value, from, isBehindChild } = parent;
    if (isBehindChild) throw new SyntaxError("Two values with no comma between.");
    if (Array.isArray(value)) {
      this.#beNothing(from, child.start - 1);
      value.push(this.#growFrom(child));
      return;
    }
    const named = this.#parsed(`{${this.#bytes.toString("utf8", from, child.start - 1)}null}`) as Record<
      string,
      unknown
    >;
    const [name, ...others] = Object.keys(named);
    if (name === undefined || others.length > 0) throw new SyntaxError("A value without a name.");
    put(value, name, this.#growFrom(child));
  }

  /** Parses items up to a place, and puts them into what they are of. */
  #take({ value, from }: Growing, end: number): void {
    const text = this.#bytes.toString("utf8", from, end);
    if (Array.isArray(value)) {
      const items = this.#parsed(`[${text}]`) as unknown[];
      if (items.length === 0) throw new SyntaxError("Nothing between commas.");
      for (const item of items) value.push(item);
      return;
    }
    const fields = this.#parsed(`{${text}}`) as Record<string, unknown>;
    const names = Object.keys(fields);
    for (const name of names) put(value, name, fields[name]);
    if (names.length === 0) throw new SyntaxError("Nothing between commas.");
  }

  #parsed(text: string): unknown {
    const value: unknown = JSON.parse(text);
    this.isSuspicious ||= isSuspicious(value);
    return value;
  }

  #beNothing(from: number, to: number): void {
    if (firstOf(this.#bytes, from) < to) throw new SyntaxError("Something where nothing may be.");
  }
}

/** What tells where something begins or ends. */
const isMark = new Uint8Array(256);
for (const mark of [quote, comma, openList, closeList, openObject, closeObject]) isMark[mark] = 1;

/** The place of the first of those from a place on. */
function nextOf(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isMark[bytes[at] as number] === 0) at += 1;
  return at;
}

/** The place of the quote that ends a text. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte === backslash) at += 1;
  }
  throw new SyntaxError("A text has no end.");
}

/** The place of the first byte from a place on that is no blank. */
function firstOf(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at])
    at += 1;
  return at;
}

function put(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
