/** A list that lets others have their turn between some of its items. */
export interface InSlices {
  inSlices<T>(complete: (item: unknown, at: number) => T | Promise<T>): readonly unknown[] | Promise<readonly T[]>;
}

export function propertyOf(source: unknown, name: string): unknown {
  if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
  return (source as Readonly<Record<string, unknown>>)[name];
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

export function isInSlices(value: unknown): value is InSlices {
  return typeof value === "object" && value !== null && "inSlices" in value;
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function"
  );
}

/** What was begun may fail before anybody waits for it, or where nobody does any more. */
export function hearFailures(begun: readonly unknown[]): void {
  for (const one of begun) if (one instanceof Promise) one.catch(() => undefined);
}
