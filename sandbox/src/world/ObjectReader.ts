import { isObject } from "../http/service.js";

const absent = Symbol("absent");

/**
 * Reads one object of untrusted JSON key by key and notes every fault with its path; `finish` notes the keys nobody asked
 * for. Written by hand because a schema library needs several times the memory and time for two million strings.
 */
export class ObjectReader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  constructor(
    value: unknown,
    readonly path: string,
    readonly faults: string[],
  ) {
    if (isObject(value)) {
      this.#value = value;
      return;
    }
    this.#value = {};
    this.isUsable = false;
    faults.push(`${path || "the document"}: must be an object, not ${kindOf(value)}`);
  }

  /** False when there was no object to read; its keys are then not reported as missing too. */
  readonly isUsable: boolean = true;

  fault(key: string, problem: string): void {
    if (this.isUsable) this.faults.push(`${this.at(key)}: ${problem}`);
  }

  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  has(key: string): boolean {
    this.#asked.add(key);
    return Object.hasOwn(this.#value, key);
  }

  /** Whether this very value stands there, and not one that stands in for a fault. */
  holds(key: string, value: unknown): boolean {
    return this.has(key) && this.#value[key] === value;
  }

  /** A string that is not empty. */
  text(key: string): string {
    const value = this.string(key);
    if (value === "" && this.has(key) && this.#value[key] === "") this.fault(key, "must not be empty");
    return value;
  }

  string(key: string): string {
    const value = this.#required(key);
    if (value === absent) return "";
    if (typeof value === "string") return value;
    this.fault(key, `must be a string, not ${kindOf(value)}`);
    return "";
  }

  stringOrNull(key: string): string | null {
    return this.has(key) && this.#value[key] === null ? null : this.string(key);
  }

  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  optionalBoolean(key: string): boolean | undefined {
    if (!this.has(key)) return undefined;
    const value = this.#value[key];
    if (typeof value === "boolean") return value;
    this.fault(key, `must be true or false, not ${kindOf(value)}`);
    return undefined;
  }

  integer(key: string): number {
    const value = this.#required(key);
    if (value === absent) return 0;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.fault(key, "must be a whole number that is not negative");
    return 0;
  }

  oneOf<const T extends string>(key: string, allowed: readonly [T, ...T[]]): T {
    const value = this.#required(key);
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    if (value !== absent) this.fault(key, `must be one of ${allowed.join(", ")}, not ${shown(value)}`);
    return allowed[0];
  }

  optionalOneOf<const T extends string>(key: string, allowed: readonly [T, ...T[]]): T | undefined {
    return this.has(key) ? this.oneOf(key, allowed) : undefined;
  }

  date(key: string): string {
    const value = this.text(key);
    if (value !== "" && !isDate(value)) this.fault(key, `must be an ISO 8601 date, not ${shown(value)}`);
    return value;
  }

  optionalDate(key: string): string | undefined {
    return this.has(key) ? this.date(key) : undefined;
  }

  /** Each entry of a list; `each` gets the entry and its path. */
  list<T>(key: string, each: (value: unknown, path: string, index: number) => T): T[] {
    const values = this.#array(key);
    return values.map((value, index) => each(value, `${this.at(key)}[${index}]`, index));
  }

  /**
   * A list of strings that are not empty; with `isUnique` a repetition is dropped, since a set holds each once, and with
   * `isRepetitionFault` one is a fault, letter case aside. Paths are built only for faults: such lists may hold a million
   * entries.
   */
  texts(key: string, { isUnique = false, isRepetitionFault = false, intern }: TextListOptions = {}): string[] {
    const found: string[] = [];
    const seen = isUnique ? new Set<string>() : undefined;
    const firstAt = isRepetitionFault ? new Map<string, number>() : undefined;
    this.#array(key).forEach((value, index) => {
      const text = typeof value === "string" ? value : "";
      if (text === "") {
        const problem = typeof value === "string" ? "must not be empty" : `must be a string, not ${kindOf(value)}`;
        this.fault(`${key}[${index}]`, problem);
      } else if (seen?.has(text)) return;
      seen?.add(text);
      if (firstAt !== undefined && text !== "") this.#noteRepetition(firstAt, key, text.toLowerCase(), index);
      found.push(intern?.(text) ?? text);
    });
    return found;
  }

  optionalTexts(key: string): string[] | undefined {
    return this.has(key) ? this.texts(key) : undefined;
  }

  child(key: string): ObjectReader {
    const value = this.#required(key);
    // A missing child is one fault, not one for each of its keys as well.
    return value === absent
      ? new ObjectReader({}, this.at(key), [])
      : new ObjectReader(value, this.at(key), this.faults);
  }

  finish(): void {
    for (const key of Object.keys(this.#value)) {
      if (!this.#asked.has(key)) this.fault(key, "unknown key");
    }
  }

  #noteRepetition(firstAt: Map<string, number>, key: string, text: string, index: number): void {
    const first = firstAt.get(text);
    if (first === undefined) firstAt.set(text, index);
    else this.fault(`${key}[${index}]`, `duplicate ${JSON.stringify(text)}, already at ${this.at(key)}[${first}]`);
  }

  #array(key: string): readonly unknown[] {
    const value = this.#required(key);
    if (value === absent) return [];
    if (Array.isArray(value)) return value;
    this.fault(key, `must be a list, not ${kindOf(value)}`);
    return [];
  }

  #required(key: string): unknown {
    if (this.has(key)) return this.#value[key];
    this.fault(key, "missing");
    return absent;
  }
}

interface TextListOptions {
  readonly isUnique?: boolean;
  readonly isRepetitionFault?: boolean;
  /** Answers the one copy of an equal string, so that two million references do not hold two million strings. */
  readonly intern?: (text: string) => string | undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`.replace(/^a o/, "an o");
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : kindOf(value);
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Notes a value that occurs twice, with the path of where it occurred first. */
export class Uniqueness {
  readonly #firstAt = new Map<string, string>();

  constructor(readonly faults: string[]) {}

  /** Empty values are somebody else's fault already. */
  check(value: string, path: string): void {
    if (value === "") return;
    const first = this.#firstAt.get(value);
    if (first === undefined) this.#firstAt.set(value, path);
    else this.faults.push(`${path}: duplicate ${JSON.stringify(value)}, already at ${first}`);
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that are there: an absent key stays absent. */
export function given<T extends object>(values: T): Given<T> {
  const found: Given<T> = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) found[key] = value as Exclude<T[typeof key], undefined>;
  }
  return found;
}
