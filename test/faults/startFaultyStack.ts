import type { GraphAnswer } from "../support/sendQuery.js";
import { startStack } from "../support/startStack.js";

/** Pauses up to this long are the transport's backoff between repetitions. What is longer is a time-out, and stays. */
const longestPauseMs = 5_000;

interface FaultyStackOptions {
  readonly world: unknown;
  readonly hasRealPauses?: boolean;
  /** Variables beside those that point at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A stack whose site is about to fail. Pauses between repetitions take no time (faults that throttle need real ones:
 * `hasRealPauses`). When it is closed it proves that no answer and no log line held the credential in any form.
 */
export async function startFaultyStack({ world, hasRealPauses = false, env = {} }: FaultyStackOptions) {
  const stack = await startStack({ world, env });
  const { clock } = stack;
  const sleep = clock.sleep.bind(clock);
  if (!hasRealPauses) {
    clock.sleep = (durationMs, signal) => sleep(durationMs <= longestPauseMs ? 0 : durationMs, signal);
  }
  const answers: string[] = [];
  await stack.forgetCalls();

  return {
    ...stack,
    async query(...request: Parameters<typeof stack.query>): Promise<GraphAnswer> {
      const answer = await stack.query(...request);
      answers.push(JSON.stringify(answer));
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      await stack.close();
      const { email, apiToken } = stack.sandbox.credential;
      const basic = Buffer.from(`${email}:${apiToken}`).toString("base64");
      for (const text of [...answers, ...stack.logLines]) {
        if (text.includes(apiToken) || text.includes(basic)) throw new Error(`a credential came out: ${text}`);
      }
    },
  };
}
