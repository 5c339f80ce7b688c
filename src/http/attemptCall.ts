import type { Pool } from "undici";
import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import type { CallBudget } from "./CallBudget.js";
import { exchange, type Reply, type WireRequest } from "./exchange.js";
import type { Lane, LaneSlot } from "./Lane.js";
import { readAnswer } from "./readAnswer.js";
import { readNetworkCode } from "./readNetworkCode.js";
import { siteErrorFromNetwork } from "./siteErrorFromNetwork.js";
import { type ReplyContext, siteErrorFromReply } from "./siteErrorFromReply.js";
import type { HttpAnswer } from "./Transport.js";

export type Attempt =
  | { readonly answer: HttpAnswer }
  | { readonly error: SiteError; readonly networkCode: string | null; readonly bytes: number };

/** One attempt: waits for a slot of the lane, sends, reads, and tells the lane what came of it. */
export async function attemptCall(
  way: { readonly pool: Pool; readonly lane: Lane; readonly clock: Clock },
  wire: WireRequest,
  budget: CallBudget,
  context: Omit<ReplyContext, "nowMs">,
): Promise<Attempt> {
  budget.phase = "queued";
  const { call } = context;
  let slot: LaneSlot | null = null;
  let isAnswered = false;
  try {
    slot = await way.lane.enter({ call, deadlineMs: budget.deadlineMs, signal: budget.signal });
    budget.phase = "sent";
    const reply = await exchange(way.pool, wire, budget.signal);
    way.lane.observe(reply.headers);
    const attempt = readReply(reply, { ...context, nowMs: way.clock.now() });
    if ("error" in attempt && attempt.error.kind === "Throttled") way.lane.throttle(attempt.error.retryAfterMs ?? 0);
    else isAnswered = reply.status < 500;
    return attempt;
  } catch (cause) {
    const error = budget.signal.aborted ? budget.signal.reason : cause;
    if (error instanceof SiteError) return { error, networkCode: null, bytes: 0 };
    const networkCode = readNetworkCode(error);
    // An error without a code is ours, and must not pass for the network's.
    if (networkCode === null) throw error;
    return { error: siteErrorFromNetwork(networkCode, call, context.origin, error), networkCode, bytes: 0 };
  } finally {
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
