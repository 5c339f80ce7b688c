import type { Pool } from "undici";
import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import type { CallBudget } from "./CallBudget.js";
import { exchange, type Reply, type WireRequest } from "./exchange.js";
import type { Lane, LaneSlot } from "./Lane.js";
import type { Turn } from "./Outage.js";
import { readAnswer } from "./readAnswer.js";
import { readNetworkCode } from "./readNetworkCode.js";
import { siteErrorFromNetwork } from "./siteErrorFromNetwork.js";
import { type ReplyContext, siteErrorFromReply } from "./siteErrorFromReply.js";
import type { HttpAnswer } from "./Transport.js";

export type Attempt =
  | { readonly answer: HttpAnswer }
  | { readonly error: SiteError; readonly networkCode: string | null; readonly bytes: number };

/** One attempt: waits for a slot of the lane, sends, reads, and tells the lane and its outage what came of it. */
export async function attemptCall(
  way: { readonly pool: Pool; readonly lane: Lane; readonly clock: Clock },
  wire: WireRequest,
  budget: CallBudget,
  context: Omit<ReplyContext, "nowMs">,
): Promise<Attempt> {
  budget.phase = "queued";
  const { call } = context;
  let turn: Turn | null = null;
  let slot: LaneSlot | null = null;
  let isAnswered = false;
  try {
    while (slot === null) {
      turn?.end();
      turn = await way.lane.outage.turn(call, budget.signal);
      slot = await way.lane.enter({
        call,
        deadlineMs: budget.queueDeadlineMs,
        allowanceMs: budget.budgetMs - budget.spentMs,
        signal: budget.signal,
      });
    }
    budget.phase = "sent";
    budget.charge(slot.closedMs);
    const reply = await exchange(way.pool, wire, budget.signal);
    way.lane.observe(reply.headers);
    const attempt = readReply(reply, { ...context, nowMs: way.clock.now() });
    if ("error" in attempt && reply.status >= 500 && reply.status !== 501) turn?.failed(attempt.error);
    else turn?.answered();
    if ("error" in attempt && attempt.error.kind === "Throttled") way.lane.throttle(attempt.error.retryAfterMs ?? 0);
    else isAnswered = reply.status < 500;
    return attempt;
  } catch (cause) {
    const error = budget.signal.aborted ? budget.signal.reason : cause;
    if (error instanceof SiteError) {
      if (error.isAnswerLost) turn?.failed(error);
      return { error, networkCode: null, bytes: 0 };
    }
    const networkCode = readNetworkCode(error);
    // An error without a code is ours, and must not pass for the network's.
    if (networkCode === null) throw error;
    const lost = siteErrorFromNetwork(networkCode, call, context.origin, error);
    if (lost.kind === "Unreachable") turn?.failed(lost);
    return { error: lost, networkCode, bytes: 0 };
  } finally {
    turn?.end();
    slot?.leave(isAnswered);
  }
}

function readReply(reply: Reply, context: ReplyContext): Attempt {
  const refused = (error: SiteError) => ({ error, networkCode: null, bytes: reply.bytes });
  if (reply.status < 200 || reply.status > 299) return refused(siteErrorFromReply(reply, context));
  try {
    return { answer: readAnswer(reply, context) };
  } catch (error) {
    if (error instanceof SiteError) return refused(error);
    throw error;
  }
}
