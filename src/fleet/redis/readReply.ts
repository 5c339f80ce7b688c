import type { EngineReply } from "../FleetEngine.js";

/** What came, as bytes, numbers, nothing, or lists of these; `undefined` for anything else. Throws an error that stands in a list. */
export function readReply(reply: unknown): EngineReply | undefined {
  if (Buffer.isBuffer(reply) || typeof reply === "number" || reply === null) return reply;
  if (typeof reply === "string") return Buffer.from(reply, "utf8");
  if (reply instanceof Error) throw reply;
  if (!Array.isArray(reply)) return undefined;
  const items: EngineReply[] = [];
  for (const each of reply) {
    const item = readReply(each);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** By the first word of what an engine refuses with. The rest of it may quote what was sent. */
const refusals = [
  ...["oom", "readonly", "loading", "noauth", "wrongpass", "noperm", "clusterdown", "moved", "ask", "tryagain"],
  ...["crossslot", "masterdown", "noreplicas", "misconf", "busy", "noscript", "unblocked", "wrongtype", "err"],
] as const;
export type Refusal = (typeof refusals)[number];

/** Why an engine refused, or `null` where it was not the engine that said so. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error) || error.name !== "ReplyError") return null;
  const word = /^[A-Z]+/.exec(error.message)?.[0].toLowerCase();
  return refusals.find((each) => each === word) ?? "err";
}
