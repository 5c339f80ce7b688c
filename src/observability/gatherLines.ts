/** Characters that are not kept waiting for others. */
const enough = 65_536;

interface GatherOptions {
  /** Does something when the turn of the event loop is over, and before the process ends. */
  readonly whenTurnEnds?: (work: () => void) => void;
  readonly whenProcessEnds?: (work: () => void) => void;
}

/**
 * The lines of one turn of the event loop go out together: a write to a file or a pipe is a call of the system that waits, and under
 * load there are several in a turn. None is lost when the process ends, also by an exception; who kills it outright loses those of
 * that turn, but none that says that something is wrong, for behind those the log flushes.
 */
export function gatherLines(
  stream: { write(lines: string): unknown },
  {
    whenTurnEnds = (work) => void setImmediate(work),
    whenProcessEnds = (work) => void process.on("exit", work),
  }: GatherOptions = {},
): { write(line: string): void; flush(): void } {
  let waiting = "";
  const flush = () => {
    if (waiting === "") return;
    const lines = waiting;
    waiting = "";
    stream.write(lines);
  };
  whenProcessEnds(flush);
  return {
    write: (line) => {
      if (waiting === "") whenTurnEnds(flush);
      waiting += line;
      if (waiting.length >= enough) flush();
    },
    flush,
  };
}
