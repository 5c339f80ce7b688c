import { type DataCenterStackOptions, startDataCenterStack } from "../support/startDataCenterStack.js";

/** Pauses up to this long are the transport's between repetitions. What is longer is a time-out, and stays. */
const longestPauseMs = 5_000;

/** A stack whose pauses between repetitions take no time, and are told. */
export async function startPatientStack(options: DataCenterStackOptions) {
  const stack = await startDataCenterStack(options);
  const pausesMs: number[] = [];
  const sleep = stack.clock.sleep.bind(stack.clock);
  stack.clock.sleep = (durationMs, signal) => {
    if (durationMs > longestPauseMs) return sleep(durationMs, signal);
    pausesMs.push(durationMs);
    return sleep(0, signal);
  };
  await stack.forgetCalls();
  return { ...stack, pausesMs };
}
