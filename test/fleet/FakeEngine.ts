import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** What a command is answered with: bytes of the protocol as they are; `null`: silence. */
type Answer = (command: readonly string[]) => string | null;

/** Something that speaks as Valkey and Redis do, as far as it is told to: a test decides what goes over the wire, byte by byte. */
export class FakeEngine implements AsyncDisposable {
  /** Every command that came, by its words, the first in capitals. */
  readonly received: string[][] = [];
  /** Before all others; `undefined`: as usual. */
  answer: (command: readonly string[]) => string | null | undefined = () => undefined;
  readonly sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #watchers = new Set<() => void>();
  readonly #kept = new Map<string, string>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#serve(socket));
  }

  static start(): Promise<FakeEngine> {
    const server = createServer();
    const engine = new FakeEngine(server);
    return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(engine)));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  count(command: string): number {
    return this.received.filter(([name]) => name === command).length;
  }

  /** Resolves once so many of these came. */
  whenReceived(command: string, count = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.count(command) < count) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Resolves once nobody is connected. */
  async whenAlone(): Promise<void> {
    while (this.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Says something that nobody asked for, on every connection. */
  say(bytes: string): void {
    for (const socket of this.sockets) socket.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
    let rest = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      rest += text;
      for (;;) {
        const read = readCommand(rest);
        if (read === null) return;
        rest = rest.slice(read.length);
        const command = [read.words[0]?.toUpperCase() ?? "", ...read.words.slice(1)];
        this.received.push(command);
        const given = this.answer(command);
        const answer = given === undefined ? this.#usual(command) : given;
        if (answer !== null) socket.write(answer);
        for (const watcher of [...this.#watchers]) watcher();
      }
    });
  }

  readonly #usual: Answer = ([command = "", ...args]) => {
    switch (command) {
      case "GET": {
        const kept = this.#kept.get(args[0] ?? "");
        return kept === undefined ? "$-1\r\n" : `$${kept.length}\r\n${kept}\r\n`;
      }
      case "SET":
        this.#kept.set(args[0] ?? "", args[1] ?? "");
        return "+OK\r\n";
      case "PING":
        return "+PONG\r\n";
      case "EVALSHA":
        return `*3\r\n:${Date.UTC(2026, 10, 20)}\r\n:0\r\n*0\r\n`;
      default:
        return "+OK\r\n";
    }
  };
}

/** A list of texts, the one form in which clients send commands; `null` while a part of it is missing. */
function readCommand(text: string): { words: string[]; length: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return null;
  const words: string[] = [];
  let at = head[0].length;
  for (let word = 0; word < Number(head[1]); word += 1) {
    const length = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (length === null) return null;
    at += length[0].length;
    const end = at + Number(length[1]);
    if (text.length < end + 2) return null;
    words.push(text.slice(at, end));
    at = end + 2;
  }
  return { words, length: at };
}
