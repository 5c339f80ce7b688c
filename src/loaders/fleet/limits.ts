/** What keeping up with other processes is bounded by. */
export const fleetLimits = {
  /** For how long a process answers from memory after it last saw the stream of changes: whoever changes something waits no longer. */
  leaseMs: 1_000,
  /** How much longer others believe in its lease: no two clocks run alike. */
  leaseSlackMs: 50,
  /** How long a request waits for changes that it wants to have been heard of. */
  catchUpMs: 200,
  /** How long the answer to a change waits until it stands in the stream: as long as an engine that is out of breath is still there. */
  appendMs: 500,
  /** Changes that are kept while the stream cannot be reached. */
  mostUntold: 1_000,
  toldAtOnce: 64,
  /** Entries that the stream holds at least; whoever was away for longer forgets everything. */
  mostEntries: 10_000,
  /** How many of its own a process tells again after the stream was lost; whoever is further behind forgets everything. */
  mostResumed: 200,
  /** How long it waits then for what the others tell: somewhat longer than they may look for the engine in vain. */
  resumeMs: 6_000,
  /** Who was not heard of for so long when it was lost is not waited for. */
  absentMs: 3_000,
  /** How many are taken in with one look. */
  entriesAtOnce: 200,
  /** After so long a process looks, whatever it hears: a third of its lease. */
  listenMs: 300,
  /** Changes that a process knows by their numbers: what was read before them may have been touched by any. */
  mostKnown: 500,
  /** What is tried again after an answer that was none. */
  brokenPauseMs: 300,
  /** One warning of a kind in so much time. */
  warnEveryMs: 60_000,
} as const;
