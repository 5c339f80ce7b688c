import { z } from "zod";
import { logLevels } from "../Config.js";
import { credential, hostName, oneOf, type Setting, wholeNumber } from "./Setting.js";

function onOrOff(doc: string) {
  return {
    section: "Operation",
    schema: oneOf(["on", "off"]),
    type: "on or off",
    default: "on",
    example: "off",
    isSecret: false,
    doc,
  } as const;
}

/** As a browser sends it: a scheme, a host, a port where it is not the usual one, and nothing behind. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** What is seen of the running server from outside. */
export const operationSettings = {
  LOG_LEVEL: {
    section: "Operation",
    schema: oneOf(logLevels),
    type: logLevels.join(", "),
    default: "info",
    example: "info",
    isSecret: false,
    doc: "The least severe line that is written; the log is JSON, one object a line.",
  },
  GRAPHIQL: onOrOff("Whether GraphiQL is served at /graphiql; its page is open, and holds nothing of the graph."),
  INTROSPECTION: onOrOff(
    "Whether the schema may be asked for, by whoever may ask anything; gateways ask by `_service` all the same.",
  ),
  COMPRESSION: onOrOff(
    "Whether answers from 1.4 KB on are sent in brotli or gzip to clients that accept it; `off` where a proxy in front does so.",
  ),
  CORS_ORIGINS: {
    section: "Operation",
    schema: z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ""))
      .refine((origins) => origins.length > 0 && origins.every(isOrigin), {
        error: "must be origins with commas between, such as https://reviews.example.com, without a path; * is none",
      })
      .optional(),
    type: "origins, with commas between",
    default: null,
    unset: "pages of other origins may not ask",
    example: "https://reviews.example.com,https://audit.example.com",
    isSecret: false,
    doc: "Whose web pages may call /graphql from a browser; they present a token like everybody, and no cookies are taken.",
  },
  READY_WHEN: {
    section: "Operation",
    schema: oneOf(["all", "any"]),
    type: "all or any",
    default: "all",
    example: "any",
    isSecret: false,
    doc: "Whether /health/ready answers 200 when the credentials of all sites hold, or of any.",
  },
  METRICS_PORT: {
    section: "Operation",
    schema: wholeNumber(0, 65_535).optional(),
    type: "whole number, 0 to 65535",
    default: null,
    unset: "/metrics is on PORT",
    example: "9464",
    isSecret: false,
    doc: "A port of its own for /metrics, which is on no other then; 0 picks a free one and prints it.",
  },
  METRICS_HOST: {
    section: "Operation",
    schema: hostName,
    type: "host name or IP address",
    default: "127.0.0.1",
    example: "0.0.0.0",
    isSecret: false,
    doc: "The address that METRICS_PORT listens on. Beyond loopback METRICS_TOKEN or callers that are told apart are required; on loopback nobody is asked without METRICS_TOKEN.",
  },
  METRICS_TOKEN: {
    section: "Operation",
    schema: credential(32).optional(),
    type: "secret, at least 32 characters",
    default: null,
    unset: "/metrics is shown to callers with every scope and, where callers are not asked, to this machine",
    example: "another-random-word-of-at-least-32-characters",
    isSecret: true,
    doc: "What a scraper presents to see /metrics, as Authorization: Bearer; it opens nothing else (docs/operating.md).",
  },
} as const satisfies Record<string, Setting>;
