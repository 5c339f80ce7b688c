import { type EdgeCall, type EdgeReply, type JournalLine, withoutRows } from "../FaultyEdge.js";

/** POSTs that only read. */
const readingPosts =
  /users-bulk|users\/search|check-access-by-email|oauth\/token|\/user\/access\/check|\/get[A-Z]\w*$|last-active|\/search$/;

/** Whether a route changes something where it is carried out. */
export function isWrite({ route }: Pick<EdgeCall, "route">): boolean {
  return !route.startsWith("GET ") && !readingPosts.test(route);
}

/** A way in which a call of a change can go wrong. */
export interface WriteFault {
  readonly name: string;
  readonly fits: (line: JournalLine) => boolean;
  /** Answers in its place; null where it is carried out. */
  readonly refuse: ((call: EdgeCall) => EdgeReply | "cut" | null) | null;
  /** Changes the answer of what was carried out. */
  readonly change: ((call: EdgeCall, reply: EdgeReply) => EdgeReply | "cut" | null) | null;
  /** Whether it says that nothing was done, for certain, of what was done. */
  readonly isContradiction?: boolean;
}

/** One of each kind, for those who have no time for all of them. */
export const briefly: ReadonlySet<string> = new Set([
  ...["lost before", "lost after", "already, not carried out", "404, not carried out"],
  ...["429", "503, carried out", "200, not carried out"],
  ...["404", "later page 404", "later page empty"],
]);

const told = (status: number, message = `Status ${status}, set by the sweep.`): EdgeReply => ({
  status,
  text: JSON.stringify({ statusCode: status, message, detail: message, errors: [{ title: message, detail: message }] }),
});

function before(name: string, fits: WriteFault["fits"], reply: EdgeReply | "cut"): WriteFault {
  return { name, fits, refuse: () => reply, change: null };
}

function after(name: string, fits: WriteFault["fits"], reply: EdgeReply | "cut"): WriteFault {
  return { name, fits, refuse: null, change: () => reply };
}

function later(name: string, change: NonNullable<WriteFault["change"]>): WriteFault {
  return {
    name,
    fits: (line) => !isWrite(line) && line.isLaterPage,
    refuse: null,
    change: (call, reply) => (call.isLaterPage ? change(call, reply) : null),
  };
}

/** Nobody shows who was invited: an answer of 200 is all there is. */
const isSeenAfterwards = (line: JournalLine) => isWrite(line) && !line.route.includes("invite");

const already = told(400, "User is already a member of the group.");
const isRead = (line: JournalLine) => !isWrite(line);

/** Every way, each tried on every call of every change. */
export const writeFaults: readonly WriteFault[] = [
  before("lost before", isWrite, "cut"),
  after("lost after", isWrite, "cut"),
  before("already, not carried out", isWrite, already),
  { ...after("already, carried out", isWrite, already), isContradiction: true },
  before("409, not carried out", isWrite, told(409, "It exists already.")),
  before("404, not carried out", isWrite, told(404)),
  { ...after("404, carried out", isWrite, told(404)), isContradiction: true },
  before("429", isWrite, told(429)),
  before("503, not carried out", isWrite, told(503)),
  after("503, carried out", isWrite, told(503)),
  after("500, carried out", isWrite, told(500)),
  before("200, not carried out", isSeenAfterwards, { status: 200, text: "{}" }),
  before("cut", isRead, "cut"),
  before("404", isRead, told(404)),
  before("429 to a reading", isRead, told(429)),
  before("503", isRead, told(503)),
  later("later page 404", () => told(404)),
  later("later page cut", () => "cut"),
  {
    // Announced by the page before, it is there and holds nothing.
    name: "later page empty",
    fits: ({ isAnnounced, route }) => isAnnounced && !isWrite({ route }),
    refuse: null,
    change: ({ isAnnounced }, reply) => {
      const text = isAnnounced ? withoutRows(reply.text, false) : null;
      return text === null ? null : { ...reply, text };
    },
  },
];
