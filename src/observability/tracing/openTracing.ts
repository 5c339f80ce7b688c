import { randomUUID } from "node:crypto";
import {
  type Span as ApiSpan,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import {
  type ExportResult,
  ExportResultCode,
  parseKeyPairsIntoRecord,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import type { TracingConfig } from "../../config/TracingConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { Logger } from "../Logger.js";
import type { Span, SpanFacts, Tracing } from "./Span.js";

interface TracingSources {
  readonly config: TracingConfig;
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
}

const limits = {
  /** How long an end waits for a collector that does not answer. */
  farewellMs: 2_000,
  /** A collector that is away is told of no more often than this. */
  warnEveryMs: 60_000,
} as const;

/**
 * Spans by OpenTelemetry's SDK, sent in batches behind everything else. Loaded only where an exporter is configured. Nothing of it is
 * global: no library of this process is instrumented behind our back, and its exporter's own calls are in no trace.
 */
export function openTracing({ config, name, version, clock, logger }: TracingSources): Tracing {
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        "service.version": version,
        "service.instance.id": randomUUID(),
        "service.name": name,
        ...parseKeyPairsIntoRecord(config.resourceAttributes),
        ...(config.serviceName === null ? {} : { "service.name": config.serviceName }),
      }),
    ),
    sampler: samplerOf(config),
    // Its sizes and pauses are OTEL_BSP_…, which it reads itself. What does not fit is dropped, and nobody waits for it.
    spanProcessors: [new BatchSpanProcessor(new WatchedExporter(exporterOf(config), { clock, logger }))],
  });
  const tracer = provider.getTracer(name, version);
  return {
    begin: (spanName, headers) => {
      const parent = propagator.extract(ROOT_CONTEXT, headers, fromHeaders);
      return new OurSpan(tracer, parent, tracer.startSpan(spanName, { kind: SpanKind.SERVER }, parent));
    },
    close: async () => {
      const over = new AbortController();
      const late = clock.sleep(limits.farewellMs, over.signal).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      over.abort();
    },
  };
}

const propagator = new W3CTraceContextPropagator();
const fromHeaders = {
  keys: (headers: Readonly<Record<string, string>>) => Object.keys(headers),
  get: (headers: Readonly<Record<string, string>>, name: string) => headers[name],
};
const intoHeaders = {
  set: (headers: Record<string, string>, name: string, value: string) => {
    if (value !== "") headers[name] = value;
  },
};

class OurSpan implements Span {
  readonly #tracer: Tracer;
  readonly #context: Context;
  readonly #span: ApiSpan;
  #headers: Readonly<Record<string, string>> | null = null;

  constructor(tracer: Tracer, parent: Context, span: ApiSpan) {
    this.#tracer = tracer;
    this.#context = trace.setSpan(parent, span);
    this.#span = span;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get traceHeaders(): Readonly<Record<string, string>> {
    if (this.#headers === null) {
      const headers: Record<string, string> = {};
      propagator.inject(this.#context, headers, intoHeaders);
      this.#headers = headers;
    }
    return this.#headers;
  }

  child(name: string, kind: "call" | "part", facts: SpanFacts): Span {
    const options = { kind: kind === "call" ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes: attributesOf(facts) };
    return new OurSpan(this.#tracer, this.#context, this.#tracer.startSpan(name, options, this.#context));
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  tell(facts: SpanFacts): void {
    if (this.#span.isRecording()) this.#span.setAttributes(attributesOf(facts));
  }

  end(failure?: string): void {
    if (failure !== undefined) {
      this.#span.setAttribute("error.type", failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    }
    this.#span.end();
  }
}

function attributesOf(facts: SpanFacts): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === "object" ? [...value] : value]),
  );
}

function exporterOf({ url, protocol, headers, timeoutMs }: TracingConfig): SpanExporter {
  const options = {
    ...{ url, timeoutMillis: timeoutMs },
    headers: headers === null ? {} : parseKeyPairsIntoRecord(headers.reveal()),
  };
  return withoutHeadersOfEnvironment(() =>
    protocol === "http/json" ? new JsonExporter(options) : new ProtobufExporter(options),
  );
}

/**
 * An exporter adds the headers that stand in the environment to those that it is given. Whoever embeds us has said which: the others
 * are for somebody else's collector, and nothing of them was told to whoever keeps secrets out of the log. It reads them when it is made.
 */
function withoutHeadersOfEnvironment<Exporter>(make: () => Exporter): Exporter {
  const kept = headerVariables.map((name) => [name, process.env[name]] as const);
  for (const name of headerVariables) delete process.env[name];
  try {
    return make();
  } finally {
    for (const [name, value] of kept) if (value !== undefined) process.env[name] = value;
  }
}

const headerVariables = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"] as const;

function samplerOf({ sampler, samplerRatio }: TracingConfig): Sampler {
  const [, isByParent, kind] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root =
    kind === "always_off"
      ? new AlwaysOffSampler()
      : kind === "traceidratio"
        ? new TraceIdRatioBasedSampler(samplerRatio)
        : new AlwaysOnSampler();
  return isByParent === undefined ? root : new ParentBasedSampler({ root });
}

/** Says in the log, and not too often, that spans are lost. */
class WatchedExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #sources: Pick<TracingSources, "clock" | "logger">;
  #lost = 0;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(inner: SpanExporter, sources: Pick<TracingSources, "clock" | "logger">) {
    this.#inner = inner;
    this.#sources = sources;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#inner.export(spans, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) this.#tell(spans.length, result.error);
      done(result);
    });
  }

  #tell(count: number, error: Error | undefined): void {
    const { clock, logger } = this.#sources;
    this.#lost += count;
    const nowMs = clock.now();
    if (nowMs - this.#warnedAtMs < limits.warnEveryMs) return;
    this.#warnedAtMs = nowMs;
    logger.warn({ spans: this.#lost, why: error?.message }, "spans could not be sent; the server goes on without them");
    this.#lost = 0;
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}
