import { AsyncLocalStorage } from "node:async_hooks";

/** By what a request is known in the log, and to those who are asked on its behalf. */
export interface RequestMarks {
  /** Stand in every line that is written for the request. */
  readonly logFields: Readonly<Record<string, string>>;
  /** Go with every call that is made for it: `traceparent`, as it came. */
  readonly traceHeaders: Readonly<Record<string, string>>;
}

/** What is done just now, and for whom. */
export interface Work {
  /** `null` where it is no request's in particular. */
  readonly marks: RequestMarks | null;
}

const current = new AsyncLocalStorage<Work>();

/** Does something, and whatever comes of it later, as this work. */
export function runAs<T>(work: Work, run: () => T): T {
  return current.run(work, run);
}

export function currentWork(): Work | undefined {
  return current.getStore();
}

export function currentMarks(): RequestMarks | null {
  return current.getStore()?.marks ?? null;
}
