import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { type Turns, turns } from "../../callers/Turns.js";
import { whenSettled } from "../../callers/UnbegunWork.js";
import { serverLimits } from "../limits.js";

interface PipelineParts {
  /** Answers that are owed on one connection before no more of its requests are begun. */
  readonly mostOwed: number;
  /** Hears of requests that have come and are not begun. */
  readonly held: HeldCount;
  readonly turns: Pick<Turns, "sliceOf">;
  readonly now: () => number;
}

interface HeldCount {
  hold(): void;
  letGo(count: number): void;
}

/** What came by one connection. */
class Pipeline {
  /** Requests that were begun and are not answered. */
  owed = 0;
  /** Those that wait behind them, in the order in which they came. */
  readonly held: [IncomingMessage, ServerResponse][] = [];
  /** Whether it waits for its turn to begin one, and for its turn to be read from. */
  isReady = false;
  isToBeRead = false;

  constructor(readonly socket: Socket) {}
}

/**
 * Node reads requests off a connection as fast as they come, 64 KiB at a time, however many answers it is owed, and hands all of them over
 * at once: a client that sends without reading has two hundred of its own begun before anybody else is heard. Here a request that comes
 * while its connection is owed an answer waits for a turn of the event loop. As many are begun in one as fit into a slice, of one
 * connection after the other, and of none more than may be owed on it. Nothing is read from a connection while one of its requests waits,
 * nor while as many answers are owed on it.
 */
export function boundPipelines(server: Server, parts: Partial<PipelineParts> = {}): void {
  const pipelines = new Pipelines(server.listeners("request") as RequestListener[], {
    mostOwed: serverLimits.owedOnConnection,
    held: { hold: () => undefined, letGo: () => undefined },
    turns,
    now: () => performance.now(),
    ...parts,
  });
  server.removeAllListeners("request");
  server.on("connection", (socket: Socket) => pipelines.open(socket));
  server.on("request", (request, response) => pipelines.take(request, response));
}

class Pipelines {
  readonly #handlers: readonly RequestListener[];
  readonly #parts: PipelineParts;
  readonly #of = new WeakMap<Socket, Pipeline>();
  /** Those of which a request may be begun, in the order of their turns. */
  readonly #ready: Pipeline[] = [];
  /** Those that are to be read from again, likewise. */
  readonly #toBeRead: Pipeline[] = [];
  /** What begins in a turn follows from nobody's answer, whoever asked for that turn. */
  readonly #scope = new AsyncResource("PIPELINES");
  #isScheduled = false;

  constructor(handlers: readonly RequestListener[], parts: PipelineParts) {
    this.#handlers = handlers;
    this.#parts = parts;
  }

  open(socket: Socket): void {
    const pipeline = new Pipeline(socket);
    this.#of.set(socket, pipeline);
    // Whoever reads the body of a request sets its connection going again.
    socket.on("resume", () => {
      if (this.#isFull(pipeline)) socket.pause();
    });
    // Nobody was told of those that wait.
    socket.once("close", () => this.#parts.held.letGo(pipeline.held.splice(0).length));
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const pipeline = this.#of.get(request.socket);
    if (pipeline === undefined || (pipeline.owed === 0 && pipeline.held.length === 0)) {
      this.#begin(pipeline ?? new Pipeline(request.socket), request, response);
      return;
    }
    pipeline.held.push([request, response]);
    this.#parts.held.hold();
    pipeline.socket.pause();
    this.#makeReady(pipeline);
  }

  #isFull({ owed, held }: Pipeline): boolean {
    return held.length > 0 || owed >= this.#parts.mostOwed;
  }

  #begin(pipeline: Pipeline, request: IncomingMessage, response: ServerResponse): void {
    pipeline.owed += 1;
    if (this.#isFull(pipeline)) pipeline.socket.pause();
    response.once("close", () => {
      const wasFull = this.#isFull(pipeline);
      pipeline.owed -= 1;
      this.#makeReady(pipeline);
      if (wasFull) this.#readOn(pipeline);
    });
    for (const handle of this.#handlers) handle(request, response);
  }

  #readOn(pipeline: Pipeline): void {
    if (pipeline.isToBeRead || this.#isFull(pipeline) || pipeline.socket.destroyed) return;
    pipeline.isToBeRead = true;
    this.#toBeRead.push(pipeline);
    this.#schedule();
  }

  /** One in a turn: what has come by it meanwhile, some millisecond's work to Node, is there at once. */
  #readOne(): void {
    const pipeline = this.#toBeRead.shift();
    if (pipeline === undefined) return;
    pipeline.isToBeRead = false;
    if (!this.#isFull(pipeline) && !pipeline.socket.destroyed) pipeline.socket.resume();
  }

  #makeReady(pipeline: Pipeline): void {
    if (pipeline.isReady || pipeline.held.length === 0 || pipeline.owed >= this.#parts.mostOwed) return;
    pipeline.isReady = true;
    this.#ready.push(pipeline);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#scope.runInAsyncScope(() => this.#goOn()));
  }

  #goOn(): void {
    this.#readOne();
    this.#beginSome(null);
  }

  /** Begins one, and another only when all that could be done for it at once is done: so it is known what it took. */
  #beginSome(untilMs: number | null): void {
    const { now, turns: all, held } = this.#parts;
    const pipeline = this.#ready.shift();
    const [request, response] = pipeline?.held.shift() ?? [];
    if (pipeline !== undefined) pipeline.isReady = false;
    if (pipeline !== undefined && request !== undefined && response !== undefined) {
      const endMs = untilMs ?? now() + all.sliceOf(pipeline.socket).ms;
      this.#begin(pipeline, request, response);
      held.letGo(1);
      this.#makeReady(pipeline);
      this.#readOn(pipeline);
      whenSettled(() => (now() < endMs ? this.#beginSome(endMs) : this.#restOrGoOn()));
      return;
    }
    if (this.#ready.length > 0) this.#beginSome(untilMs);
    else this.#restOrGoOn();
  }

  #restOrGoOn(): void {
    this.#isScheduled = false;
    if (this.#ready.length > 0 || this.#toBeRead.length > 0) this.#schedule();
  }
}

/** Answers that wait behind others on their connection. */
const queued = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Has an answer that waits behind others end with its connection. Node closes the one that is being sent then, and forgets those behind
 * it: they would be owed for ever, and what is done for them would go on.
 */
export function closeQueued(socket: Socket, response: ServerResponse): void {
  if (response.socket !== null) return;
  let responses = queued.get(socket);
  if (responses === undefined) {
    const waiting = new Set<ServerResponse>();
    responses = waiting;
    queued.set(socket, waiting);
    socket.once("close", () => {
      const cut = [...waiting].filter((each) => each.socket === null && !each.writableFinished);
      for (const each of cut) each.destroy();
      // Node 24 says that they are closed, a tick after they were destroyed; Node 20 and 22 do not (pipelines.test.ts, 2026-11-30).
      process.nextTick(() => {
        for (const each of cut) if (waiting.has(each)) each.emit("close");
      });
    });
  }
  responses.add(response);
  response.once("close", () => responses.delete(response));
}
