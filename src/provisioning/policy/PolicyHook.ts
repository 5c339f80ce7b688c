import { request } from "undici";
import type { PolicyConfig } from "../../config/callers/CallersConfig.js";
import type { Clock } from "../../domain/Clock.js";
import { beginCall } from "../../observability/currentWork.js";
import type { Logger } from "../../observability/Logger.js";
import type { PlannedChange } from "../../record/ChangeRecord.js";

/** What a policy is asked: one mutation with all that it would do. */
export interface PolicyQuestion {
  readonly mutation: string;
  /** Whether anything is written after a yes. */
  readonly isDryRun: boolean;
  readonly caller: {
    /** Verified. */
    readonly name: string;
    /** As the caller says. */
    readonly requestedBy: string | null;
    readonly reason: string | null;
    readonly requestId: string;
  };
  readonly changes: readonly PlannedChange[];
}

/** What it said; `UNAVAILABLE`: nothing that can be used, which allows nothing. */
export interface PolicyAnswer {
  readonly decision: "ALLOWED" | "DENIED" | "UNAVAILABLE";
  readonly reason: string | null;
}

const limits = { answerBytes: 64 * 1024, reasonLength: 1_000 } as const;

/** Asks somebody else's service whether changes may be carried out: by one call, within a time, and closed whatever goes wrong. */
export class PolicyHook {
  readonly #config: PolicyConfig;
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, "warn">;

  constructor(
    config: PolicyConfig,
    { clock, logger }: { readonly clock: Clock; readonly logger: Pick<Logger, "warn"> },
  ) {
    this.#config = config;
    this.#clock = clock;
    this.#logger = logger;
  }

  async ask(question: PolicyQuestion): Promise<PolicyAnswer> {
    const answered = new AbortController();
    const late = new AbortController();
    const timer = this.#clock.sleep(this.#config.timeLimitMs, answered.signal).then(
      () => {
        late.abort();
        return unavailable(`It gave no answer within ${this.#config.timeLimitMs / 1000} s.`);
      },
      // It was answered first.
      () => new Promise<never>(() => undefined),
    );
    try {
      const answer = await Promise.race([this.#send(question, late.signal), timer]);
      if (answer.decision === "UNAVAILABLE") this.#logger.warn({ why: answer.reason }, "the policy could not be asked");
      return answer;
    } finally {
      answered.abort();
    }
  }

  async #send(question: PolicyQuestion, signal: AbortSignal): Promise<PolicyAnswer> {
    const { url, token } = this.#config;
    const { span, headers } = beginCall("POST POLICY_URL", () => ({
      "http.request.method": "POST",
      "server.address": new URL(url).hostname,
    }));
    const answered = (answer: PolicyAnswer) => {
      span?.tell({ "access_graph.policy.decision": answer.decision });
      span?.end(answer.decision === "UNAVAILABLE" ? "UNAVAILABLE" : undefined);
      return answer;
    };
    try {
      const { statusCode, body } = await request(url, {
        ...{ method: "POST", signal },
        headers: {
          ...headers,
          ...{ "content-type": "application/json", accept: "application/json" },
          ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
        },
        body: JSON.stringify({ version: 1, ...question }),
      });
      span?.tell({ "http.response.status_code": statusCode });
      const text = await readText(body);
      if (statusCode !== 200) return answered(unavailable(`It answered with status ${statusCode}.`));
      return answered(text === null ? unavailable("Its answer is too long.") : answerIn(text));
    } catch {
      return answered(unavailable("It cannot be reached."));
    }
  }
}

async function readText(body: AsyncIterable<unknown> & { destroy(): unknown }): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > limits.answerBytes) {
      body.destroy();
      return null;
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Allowed is only what says so by the very word `true`. */
function answerIn(text: string): PolicyAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return unavailable("Its answer is no JSON.");
  }
  if (typeof answer !== "object" || answer === null || !("allow" in answer) || typeof answer.allow !== "boolean") {
    return unavailable("Its answer does not say `allow`, true or false.");
  }
  if (hasNameTwice(text)) return unavailable("Its answer says one name twice.");
  const told = "reason" in answer ? answer.reason : null;
  if (told !== null && typeof told !== "string") return unavailable("The reason in its answer is no text.");
  const reason = told === null ? null : told.slice(0, limits.reasonLength);
  return { decision: answer.allow ? "ALLOWED" : "DENIED", reason };
}

/** Of two that contradict each other `JSON.parse` takes the later, and other readers the first. */
function hasNameTwice(json: string): boolean {
  const names = new Set<unknown>();
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && token.endsWith(":")) {
      const name: unknown = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (names.has(name)) return true;
      names.add(name);
    }
  }
  return false;
}

function unavailable(reason: string): PolicyAnswer {
  return { decision: "UNAVAILABLE", reason };
}
