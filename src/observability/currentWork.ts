import { AsyncLocalStorage } from "node:async_hooks";
import type { Span, SpanFacts } from "./tracing/Span.js";

/** By what a request is known in the log, and to those who are asked on its behalf. */
export interface RequestMarks {
  /** Stand in every line that is written for the request. */
  readonly logFields: Readonly<Record<string, string>>;
  /** Go with every call that is made for it: `traceparent`, as it came, or of its span where there is one. */
  readonly traceHeaders: Readonly<Record<string, string>>;
  /** Whether they go to sites as well, which are others' servers. */
  readonly isTraceToldToSites: boolean;
  /** In which its calls are told; `null` where nobody wants to know. */
  readonly span: Span | null;
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

/** A call that is made for the work at hand: what goes with it, and its span where one is wanted. */
export interface TracedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly span: Span | null;
}

/** Begins a call to somebody, whose span is named by its template. Whoever begins it ends its span. */
export function beginCall(name: string, facts: () => SpanFacts): TracedCall {
  const marks = currentMarks();
  if (marks === null) return untraced;
  const span = marks.span === null ? null : marks.span.child(name, "call", facts());
  return { span, headers: span?.traceHeaders ?? marks.traceHeaders };
}

const untraced: TracedCall = { headers: {}, span: null };
