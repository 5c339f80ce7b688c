import { logLevels } from "../Config.js";
import { credential, oneOf, type Setting } from "./Setting.js";

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
  READY_WHEN: {
    section: "Operation",
    schema: oneOf(["all", "any"]),
    type: "all or any",
    default: "all",
    example: "any",
    isSecret: false,
    doc: "Whether /health/ready answers 200 when the credentials of all sites hold, or of any.",
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
