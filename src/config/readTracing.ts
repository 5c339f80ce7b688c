import { Secret } from "./Secret.js";
import { faultOf, type ReadSettings } from "./settings/readSettings.js";
import type { TracingConfig } from "./TracingConfig.js";

const path = "/v1/traces";
const usualCollector = "http://localhost:4318";

/** Tracing as OpenTelemetry's variables have it; `null` where none of them names an exporter or a collector. */
export function readTracing({ values, faults }: ReadSettings): TracingConfig | null {
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_EXPORTER_OTLP_ENDPOINT: base } = values;
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const isWanted = exporter === "otlp" || (exporter === undefined && (base !== undefined || url !== undefined));
  if (!isWanted || values.OTEL_SDK_DISABLED === "true") return null;
  const protocol = values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL ?? "http/protobuf";
  const headers = values.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? values.OTEL_EXPORTER_OTLP_HEADERS;
  const sampler = values.OTEL_TRACES_SAMPLER ?? "parentbased_always_on";
  const ratio = values.OTEL_TRACES_SAMPLER_ARG;
  if (ratio !== undefined && !/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/.test(ratio)) {
    faults.push(faultOf("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1"));
  }
  return {
    ...{ protocol, sampler, url: url ?? `${(base ?? usualCollector).replace(/\/+$/, "")}${path}` },
    headers: headers === undefined ? null : new Secret(headers),
    timeoutMs: values.OTEL_EXPORTER_OTLP_TIMEOUT ?? 10_000,
    samplerRatio: ratio === undefined ? 1 : Number(ratio),
    serviceName: values.OTEL_SERVICE_NAME ?? null,
    resourceAttributes: values.OTEL_RESOURCE_ATTRIBUTES ?? "",
  };
}
