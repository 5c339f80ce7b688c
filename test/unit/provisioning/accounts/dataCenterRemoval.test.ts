import { describe, expect, it } from "vitest";
import type { AccountWriter, LongTask, LongTaskId } from "../../../../src/confluence/writerPort.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { followTask } from "../../../../src/provisioning/accounts/dataCenterRemoval.js";
import { ManualClock } from "../../../support/ManualClock.js";

const taskId = "7" as LongTaskId;
const running: LongTask = { state: "RUNNING", percentage: 10, message: null };
const done: LongTask = { state: "SUCCEEDED", percentage: 100, message: null };
const unread = new SiteError("Unreachable", "nobody there", { call: "GET /longtask" });

/** Answers in turn; the last answer for good. */
function scripted(answers: readonly (LongTask | SiteError | null)[]) {
  const askedAtMs: number[] = [];
  const clock = new ManualClock(0);
  const taskOf = async () => {
    const answer = answers[Math.min(askedAtMs.length, answers.length - 1)] ?? null;
    askedAtMs.push(clock.now());
    if (answer instanceof SiteError) throw answer;
    return answer;
  };
  return { clock, askedAtMs, accounts: { taskOf } as Pick<AccountWriter, "taskOf"> as AccountWriter };
}

describe("following a task", () => {
  it("asks at once, then with pauses that grow to 4 seconds, for as long as it may", async () => {
    const { clock, askedAtMs, accounts } = scripted([running]);
    const following = followTask(accounts, taskId, { clock, forMs: 20_000 });
    // The first question comes before the first pause.
    await clock.advance(0);
    await clock.advance(60_000);
    expect(await following).toEqual(running);
    expect(askedAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 20_000]);
  });

  it.each([
    ["has ended", [running, done], done, 2],
    ["failed", [{ ...done, state: "FAILED" }], { ...done, state: "FAILED" }, 1],
    ["is not known any more", [running, null], null, 2],
    ["ended while one question was not answered", [running, unread, done], done, 3],
  ] as const)("stops when the task %s", async (_how, answers, expected, asked) => {
    const { clock, askedAtMs, accounts } = scripted(answers);
    const following = followTask(accounts, taskId, { clock, forMs: 20_000 });
    // The first question comes before the first pause.
    await clock.advance(0);
    await clock.advance(60_000);
    expect(await following).toEqual(expected);
    expect(askedAtMs).toHaveLength(asked);
  });

  it("rejects when the last question was not answered, and asks once where it may not wait", async () => {
    const { clock, askedAtMs, accounts } = scripted([unread]);
    await expect(followTask(accounts, taskId, { clock, forMs: 0 })).rejects.toBe(unread);
    expect(askedAtMs).toEqual([0]);
  });
});
