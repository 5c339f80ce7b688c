import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { Member } from "./startFleet.js";

/** How often it asks whether a process is ready: as a readiness probe does, only sooner. */
const probeMs = 100;

/**
 * What stands before several processes: each request goes to the next one that is ready. A request that was sent is never sent
 * again, so that one which a process drops is lost.
 */
export class Balancer {
  readonly #server: Server;
  readonly #ready = new Set<Member>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 512 });
  #members: readonly Member[] = [];
  #turn = 0;
  #timer: NodeJS.Timeout | null = null;
  url = "";

  constructor() {
    // Clients keep their connections: one that this end closed would look like a request that a process lost.
    this.#server = createServer({ keepAliveTimeout: 600_000 }, (asked, answer) => void this.#pass(asked, answer));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/graphql`;
    const probe = async () => {
      await Promise.all(this.#members.map((member) => this.#probe(member)));
      this.#timer = setTimeout(() => void probe(), probeMs);
    };
    void probe();
  }

  /** From now on these; one that was left out gets no more, and ends what it has. */
  serve(members: readonly Member[]): void {
    this.#members = members;
    for (const member of this.#ready) if (!members.includes(member)) this.#ready.delete(member);
  }

  isReady(member: Member): boolean {
    return this.#ready.has(member);
  }

  async #probe(member: Member): Promise<void> {
    const isReady = await fetch(new URL("/health/ready", member.url), { signal: AbortSignal.timeout(3_000) })
      .then(({ status }) => status === 200)
      .catch(() => false);
    if (isReady && this.#members.includes(member)) this.#ready.add(member);
    else this.#ready.delete(member);
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    this.#send(asked, Buffer.concat(parts), answer);
  }

  #send(asked: IncomingMessage, body: Buffer, answer: ServerResponse): void {
    const ready = [...this.#ready];
    const member = ready[this.#turn++ % Math.max(1, ready.length)];
    if (member === undefined) return void tellLost(answer, "nobody is ready");
    const { host: _host, connection: _connection, ...headers } = asked.headers;
    const sent = request(member.url, { method: asked.method, headers, agent: this.#agent }, (reply) => {
      const { connection: _own, "transfer-encoding": _coding, ...told } = reply.headers;
      answer.writeHead(reply.statusCode ?? 502, told);
      reply.pipe(answer);
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      this.#ready.delete(member);
      // It was never taken: another one gets it, as every balancer does. A kept connection that the process closed meanwhile is no
      // such case, and is the process's to avoid.
      if (error.code === "ECONNREFUSED") return this.#send(asked, body, answer);
      tellLost(answer, `${error.code} ${sent.reusedSocket ? "of a kept connection" : "of a new connection"}`);
    });
    sent.end(body);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function tellLost(answer: ServerResponse, why: string): void {
  if (answer.headersSent) return void answer.destroy();
  const errors = [{ message: why, extensions: { code: "LOST" } }];
  answer.writeHead(502, { "content-type": "application/json" }).end(JSON.stringify({ errors }));
}
