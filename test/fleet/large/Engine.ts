import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisProgram } from "../../support/startRedis.js";

/** How the way to the engine behaves; `silent`: what is sent is heard by nobody. */
export type Manner =
  | { readonly kind: "open" | "silent" | "garbage" | "refused" }
  | { readonly kind: "slow"; readonly delayMs: number };

/** Valkey or Redis in a directory of its own, which keeps nothing, behind a way that can be made bad. */
export class Engine {
  readonly #directory = mkdtempSync(join(tmpdir(), "engine-"));
  readonly #password = randomBytes(16).toString("hex");
  #server: ChildProcess | null = null;
  #way: ChildProcess | null = null;
  #port = 0;

  static async start(): Promise<Engine> {
    const engine = new Engine();
    await engine.restart();
    const way = fork(join(import.meta.dirname, "engineWay.mjs"), [engine.#socket], { execArgv: [] });
    engine.#way = way;
    const [{ port }] = (await once(way, "message")) as [{ port: number }];
    engine.#port = port;
    return engine;
  }

  get #socket(): string {
    return join(this.#directory, "socket");
  }

  /** What a process is given: by the way, or past it. */
  get url(): string {
    return `redis://default:${this.#password}@127.0.0.1:${this.#port}`;
  }

  get secret(): string {
    return this.#password;
  }

  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  async behave(manner: Manner): Promise<void> {
    const way = this.#way;
    if (way === null) return;
    const heard = once(way, "message");
    way.send(manner);
    await heard;
  }

  /** As a crash: nothing of it is left. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }

  /** An empty one at the same address. */
  async restart(): Promise<void> {
    await this.kill();
    rmSync(this.#socket, { force: true });
    const settings = ["--port", "0", "--unixsocket", this.#socket, "--requirepass", this.#password];
    const server = spawn(
      redisProgram ?? "",
      [...settings, "--save", "", "--appendonly", "no", "--rdbcompression", "no"],
      {
        cwd: this.#directory,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    this.#server = server;
    let said = "";
    for await (const part of server.stdout ?? []) {
      said += String(part);
      // Redis writes "… connections at <socket>", Valkey the same.
      if (/ready to accept connections/i.test(said)) break;
    }
    server.stdout?.resume();
  }

  /** Commands by a connection of the test's own; replies as they stand on the wire. */
  async ask(...commands: readonly (readonly string[])[]): Promise<Buffer> {
    const socket = connect(this.#socket);
    const all = [["AUTH", this.#password], ...commands, ["QUIT"]];
    const words = (command: readonly string[]) =>
      `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
    socket.write(all.map(words).join(""));
    const parts: Buffer[] = [];
    for await (const part of socket) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }

  /** Every command from now on that reaches it. */
  async watch(): Promise<{ end(): Buffer }> {
    const socket = connect(this.#socket);
    const parts: Buffer[] = [];
    socket.on("data", (part) => parts.push(part));
    socket.write(`AUTH ${this.#password}\r\nMONITOR\r\n`);
    while (!Buffer.concat(parts).includes("+OK\r\n+OK")) await once(socket, "data");
    return {
      end: () => {
        socket.destroy();
        // Its own password is no secret to it.
        return Buffer.from(
          Buffer.concat(parts)
            .toString("latin1")
            .replaceAll(/^.*"auth".*$/gim, ""),
          "latin1",
        );
      },
    };
  }

  /** All that it keeps, as bytes, not compressed. */
  async dump(): Promise<{ readonly keys: number; readonly dump: Buffer }> {
    const size = (await this.ask(["DBSIZE"])).toString();
    await this.ask(["SAVE"]);
    const dump = readFileSync(join(this.#directory, "dump.rdb"));
    return { keys: Number(/:(\d+)/.exec(size)?.[1]), dump };
  }

  async close(): Promise<void> {
    this.#way?.kill("SIGKILL");
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
