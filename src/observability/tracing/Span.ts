/** What is told of a span: numbers, words and codes; never a variable of a query, a secret, or a text of an upstream's. */
export type SpanFacts = Readonly<Record<string, string | number | readonly string[]>>;

/** A piece of work that is shown in a trace. Where nobody looks at it, what is told of it costs nothing. */
export interface Span {
  readonly traceId: string;
  /** With what whoever is called knows of which trace the call is a part: `traceparent`, and `tracestate` where there is one. */
  readonly traceHeaders: Readonly<Record<string, string>>;
  /** A part of it: a call to somebody, or work of our own. */
  child(name: string, kind: SpanKind, facts: SpanFacts): Span;
  rename(name: string): void;
  tell(facts: SpanFacts): void;
  /** It ends; with what it failed by, or nothing. */
  end(failure?: string): void;
}

type SpanKind = "call" | "part";

/** Begins spans, and sends them on. */
export interface Tracing {
  /** The work for one request, as a part of the trace that its headers name. */
  begin(name: string, headers: Readonly<Record<string, string>>): Span;
  /** What has ended is sent, as far as that takes no longer than a moment. */
  close(): Promise<void>;
}
