import type { Secret } from "./Secret.js";

export const tracingProtocols = ["http/protobuf", "http/json"] as const;
export const samplers = [
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
  "always_on",
  "always_off",
  "traceidratio",
] as const;

/** Where spans go, and which. */
export interface TracingConfig {
  readonly url: string;
  readonly protocol: (typeof tracingProtocols)[number];
  /** What is presented to the collector, as the variable writes it: names and values with = between, and commas. */
  readonly headers: Secret | null;
  readonly timeoutMs: number;
  readonly sampler: (typeof samplers)[number];
  /** The share of traces that are told, where the sampler goes by it. */
  readonly samplerRatio: number;
  readonly serviceName: string | null;
  /** As the variable writes it. */
  readonly resourceAttributes: string;
}
