import { announcesMore, type EdgeCall, type EdgeReply, type JournalLine, withoutRows } from "./FaultyEdge.js";

/** A way in which a call can go wrong. */
export interface SweepFault {
  readonly name: string;
  /** Whether a call of the fault-free run is one that this can happen to. */
  readonly fits: (line: JournalLine) => boolean;
  /** Null where it does not apply to this answer after all. */
  readonly change: (call: EdgeCall, reply: EdgeReply) => EdgeReply | "cut" | null;
}

const error = (status: number) => (): EdgeReply => ({
  status,
  text: JSON.stringify({ statusCode: status, message: `Status ${status}, set by the sweep.` }),
});

const always = () => true;
const onLaterPages = ({ isLaterPage }: JournalLine) => isLaterPage;

function later(change: SweepFault["change"]): SweepFault["change"] {
  return (call, reply) => (call.isLaterPage ? change(call, reply) : null);
}

/** Every way, each tried on every call. */
export const sweepFaults: readonly SweepFault[] = [
  { name: "404", fits: always, change: error(404) },
  { name: "403", fits: always, change: error(403) },
  { name: "500", fits: always, change: error(500) },
  { name: "503", fits: always, change: error(503) },
  { name: "cut", fits: always, change: () => "cut" },
  {
    name: "malformed",
    fits: always,
    change: (_call, { text }) => ({ status: 200, text: text.slice(0, text.length >> 1) }),
  },
  { name: "other shape", fits: always, change: () => ({ status: 200, text: '{"unexpected":true}' }) },
  {
    name: "rpc error",
    fits: ({ route }) => route.includes("/rpc/"),
    change: () => ({ status: 200, text: '{"error":{"code":500,"message":"set by the sweep"}}' }),
  },
  { name: "later page 404", fits: onLaterPages, change: later(error(404)) },
  { name: "later page 403", fits: onLaterPages, change: later(error(403)) },
  { name: "later page 500", fits: onLaterPages, change: later(error(500)) },
  { name: "later page cut", fits: onLaterPages, change: later(() => "cut") },
  {
    // Announced by the page before, it is there and holds nothing.
    name: "later page empty",
    fits: ({ isAnnounced }) => isAnnounced,
    change: (call, reply) => (call.isAnnounced ? emptied(reply, false) : null),
  },
  {
    // A page without rows that says itself that there are more.
    name: "empty with more announced",
    fits: ({ announces }) => announces,
    change: (_call, reply) => (announcesMore(reply.text) ? emptied(reply, true) : null),
  },
];

function emptied(reply: EdgeReply, keepsNext: boolean): EdgeReply | null {
  const text = withoutRows(reply.text, keepsNext);
  return text === null ? null : { ...reply, text };
}
