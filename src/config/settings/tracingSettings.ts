import { z } from "zod";
import { samplers, tracingProtocols } from "../TracingConfig.js";
import { oneOf, type Setting, type SettingSection, wholeNumber } from "./Setting.js";

const section: SettingSection = "Tracing";

/** A collector stands inside the network more often than not: plain HTTP is for who runs it to decide. */
const collector = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text) && !/[?#]/.test(text), {
  error: "must be an address that begins with http:// or https://",
});

const protocol = (doc: string) =>
  ({
    ...{ section, schema: oneOf(tracingProtocols).optional(), type: tracingProtocols.join(" or "), default: null },
    ...{ unset: "http/protobuf", example: "http/json", isSecret: false, doc },
  }) as const;

const headers = (doc: string) =>
  ({
    ...{ section, schema: z.string().optional(), type: "secret, name=value with commas between", default: null },
    ...{ unset: "nothing is presented", example: "authorization=Bearer%20a-token", isSecret: true, doc },
  }) as const;

const address = (example: string, doc: string) =>
  ({
    ...{ section, schema: collector.optional(), type: "address", default: null, unset: "spans go nowhere" },
    ...{ example, isSecret: false, doc },
  }) as const;

/** OpenTelemetry's own variables, as far as they mean something here. Those of batches and certificates its SDK reads itself. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: address(
    "http://collector.internal:4318",
    "The collector that spans are sent to, by OTLP over HTTP, below /v1/traces (docs/operating.md).",
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address(
    "http://collector.internal:4318/v1/traces",
    "The same, with the whole path; it goes before.",
  ),
  OTEL_EXPORTER_OTLP_HEADERS: headers("What is presented to the collector."),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers("The same for spans; it goes before."),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol("How spans are written."),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol("The same for spans; it goes before."),
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    ...{ section, schema: wholeNumber(1, 60_000).optional(), type: "milliseconds, 1 to 60000", default: null },
    ...{ unset: "10000", example: "10000", isSecret: false, doc: "How long the collector may take for a batch." },
  },
  OTEL_TRACES_EXPORTER: {
    ...{ section, schema: oneOf(["otlp", "none"]).optional(), type: "otlp or none", default: null },
    ...{ unset: "otlp where a collector is named", example: "otlp", isSecret: false },
    doc: "Whether spans are sent; otlp without a collector sends them to http://localhost:4318.",
  },
  OTEL_TRACES_SAMPLER: {
    ...{ section, schema: oneOf(samplers).optional(), type: samplers.join(", "), default: null },
    ...{ unset: "parentbased_always_on", example: "parentbased_traceidratio", isSecret: false },
    doc: "Which traces are told; parentbased goes by what the gateway's traceparent says.",
  },
  OTEL_TRACES_SAMPLER_ARG: {
    ...{ section, schema: z.string().optional(), type: "number, 0 to 1", default: null, unset: "1" },
    ...{ example: "0.1", isSecret: false, doc: "The share of traces that traceidratio tells." },
  },
  OTEL_SERVICE_NAME: {
    ...{ section, schema: z.string().optional(), type: "text", default: null, unset: "confluence-access-graph" },
    ...{ example: "access-graph-eu", isSecret: false, doc: "What this server is called in traces." },
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    ...{ section, schema: z.string().optional(), type: "name=value with commas between", default: null },
    ...{ unset: "nothing more is told", example: "deployment.environment.name=production", isSecret: false },
    doc: "What else is told of this server in traces.",
  },
  OTEL_SDK_DISABLED: {
    ...{ section, schema: oneOf(["true", "false"]).optional(), type: "true or false", default: null },
    ...{ unset: "false", example: "true", isSecret: false, doc: "Sends no spans whatever else is set." },
  },
  TRACE_SITES: {
    ...{ section, schema: oneOf(["on", "off"]), type: "on or off", default: "on", example: "off", isSecret: false },
    doc: "Whether traceparent and tracestate of a request go on to Confluence and Atlassian; to POLICY_URL and JWT_JWKS_URL they always do.",
  },
} as const satisfies Record<string, Setting>;
