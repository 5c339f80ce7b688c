import { ConcurrencyLimit } from "../../../../src/http/admission/ConcurrencyLimit.js";
import type { Errand } from "../../../../src/http/admission/Errand.js";
import type { Slot } from "../../../../src/http/admission/slots.js";
import { ManualClock } from "../../../support/ManualClock.js";

interface Asked {
  readonly errand?: Errand;
  readonly call?: string;
  readonly isChange?: boolean;
  readonly isBackground?: boolean;
}

/** A limit whose calls are told by name: who went in which order, and who was refused. */
export function openQueue(concurrency: number, options: { readonly maxWaiting?: number } = {}) {
  const clock = new ManualClock();
  const limit = new ConcurrencyLimit({ concurrency, clock, ...options });
  const slots = new Map<string, Slot>();
  const refused = new Map<string, unknown>();
  // A call has a signal of its own.
  const signalOf = () => new AbortController().signal;
  const settle = () => clock.advance(0);
  return {
    clock,
    limit,
    refused,
    settle,
    names: () => [...slots.keys()],
    ask(name: string, { call = name, ...asked }: Asked = {}): void {
      limit.enter({ call, deadlineMs: clock.now() + 120_000, allowanceMs: 30_000, signal: signalOf(), ...asked }).then(
        (slot) => slot !== null && slots.set(name, slot),
        (error: unknown) => refused.set(name, error),
      );
    },
    throttle(name: string, throttle: Partial<Parameters<Slot["throttled"]>[0]> = {}): void {
      slots.get(name)?.throttled({ status: 429, retryAfterMs: null, told: null, ...throttle });
      slots.get(name)?.leave(false);
    },
    leave: (name: string) => slots.get(name)?.leave(true),
    /** One goes after another until nobody waits; the names in the order in which they went. */
    async drain(): Promise<readonly string[]> {
      for (let seen = 0; seen < slots.size; ) {
        const name = [...slots.keys()][seen];
        seen += 1;
        slots.get(name ?? "")?.leave(true);
        await settle();
      }
      return [...slots.keys()];
    },
  };
}
