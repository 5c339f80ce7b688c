import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { programFlags } from "../support/engineFlags.js";
import { ensureBuilt } from "./ensureBuilt.js";

export interface ProgramOptions {
  /** Its whole environment: nothing of ours leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Of the engine. Left out, it is told that the program lives for seconds; what it takes in time and memory is then not what a user sees. */
  readonly flags?: readonly string[];
  /** It is up once its standard output matches; left out, nothing is waited for. */
  readonly isUp?: RegExp;
}

export interface Program {
  readonly pid: number | undefined;
  out(): string;
  err(): string;
  /** The lines of its standard error so far that are whole, each of which must be a JSON object. */
  log(): Record<string, unknown>[];
  signal(name: "SIGTERM" | "SIGINT" | "SIGKILL"): void;
  /** Stops reading what it prints, as `head` does once it has seen enough. */
  stopReading(stream: "stdout" | "stderr"): void;
  /** Resolves with its exit code; `null` where a signal killed it. */
  ended(): Promise<number | null>;
  /** Kills it where it still runs. For the end of a test. */
  dispose(): Promise<void>;
}

/** Starts a built program of `dist`, or at a whole path, as a person would: a process of its own, with an environment of its own. */
export async function startProgram(path: string, options: ProgramOptions = {}): Promise<Program> {
  await ensureBuilt();
  const file = resolve(import.meta.dirname, "../../dist", path);
  const child = spawn(process.execPath, [...(options.flags ?? programFlags), file, ...(options.args ?? [])], {
    env: { ...options.env },
  });
  const [output, errors] = [collect(child, "stdout"), collect(child, "stderr")];
  const closed = once(child, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : null));

  if (options.isUp !== undefined) {
    const isUp = await Promise.race([output.matches(options.isUp), closed.then(() => false)]);
    if (!isUp) throw new Error(`${path} ended before it was up.\n${output.text()}\n${errors.text()}`);
  }
  return {
    pid: child.pid,
    out: output.text,
    err: errors.text,
    log: () =>
      errors
        .text()
        .split("\n")
        .slice(0, -1)
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    signal: (name) => void child.kill(name),
    stopReading: (stream) => void child[stream].destroy(),
    ended: () => closed,
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await closed;
    },
  };
}

/** What a stream has said so far, and when it says something. */
function collect(child: ChildProcess, name: "stdout" | "stderr") {
  let said = "";
  const stream = child[name];
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    said += chunk;
  });
  return {
    text: () => said,
    matches: (pattern: RegExp) =>
      new Promise<true>((resolve) => {
        const look = () => {
          if (pattern.test(said)) resolve(true);
        };
        stream?.on("data", look);
        look();
      }),
  };
}
