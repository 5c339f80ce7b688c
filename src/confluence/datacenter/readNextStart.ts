import { z } from "zod";
import { nextOffset } from "../../http/paging.js";

const linkedWire = z.object({ _links: z.object({ next: z.string().min(1) }) });
/** Stands for whatever a link is relative to: nothing but its query is read. */
const anywhere = "http://localhost";

/**
 * Where the next page starts, by `_links.next`; `null` where there is none. A page with fewer rows
 * than asked for says nothing: limits are clamped without a word. Only the link's `start` is taken, so it does not matter
 * which address it names (`_links.base` is what the administrator typed, reachable or not); a link without one stands for
 * the row after the last that came.
 */
export function readNextStart(body: unknown, position: number, received: number): number | null {
  const linked = linkedWire.safeParse(body);
  if (!linked.success) return null;
  const { next } = linked.data._links;
  const start = URL.canParse(next, anywhere) ? new URL(next, anywhere).searchParams.get("start") : null;
  return start !== null && /^\d{1,15}$/.test(start) ? Number(start) : nextOffset(position, received);
}
