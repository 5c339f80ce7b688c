import { type ParseArgsConfig, parseArgs } from "node:util";
import { SandboxAbsent } from "../compose/loadSandbox.js";
import { ConfigError } from "../config/Config.js";
import { productVersion } from "../config/version.js";
import { redact } from "../observability/redact.js";
import { DirectoryInUse } from "../record/directoryLock.js";
import { RecordUnavailable } from "../record/Sql.js";
import { CannotListen } from "../server/connection/listen.js";

/** How a command ends, for scripts. A check that found something also ends with `failed`. */
export const exitCodes = { fine: 0, failed: 1, misused: 2 } as const;

/** A command line that cannot be followed; the message says why. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known; strict: true }>>["values"];

interface Command<Known extends Options, Action extends string> {
  /** What `--help` prints: what it does, its options, its variables, its exit codes. */
  readonly usage: string;
  readonly options: Known;
  /** What it can be told to do, by one word before its options; a command that does one thing has none. */
  readonly actions?: readonly Action[];
  /** Answers the exit code; nothing where the command goes on by itself. */
  readonly run: (values: Values<Known>, action: Action | undefined) => Promise<number> | Promise<void>;
}

/**
 * Runs a command line: `--help` prints what it does, `--version` of what, an option that it does not know ends it with 2 and a sentence, and so
 * does a configuration at fault. What was foreseen ends with its sentence alone; only a bug shows a stack.
 */
export async function runCommand<const Known extends Options, const Action extends string = never>(
  command: Command<Known, Action>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    endWithReader();
    process.stdout.write(command.usage);
    return;
  }
  if (args.includes("--version")) {
    endWithReader();
    process.stdout.write(`${productVersion}\n`);
    return;
  }
  try {
    const { actions } = command;
    const action = actions?.find((each) => each === args[0]);
    const rest = action === undefined ? args : args.slice(1);
    const { values } = parseArgs({ args: rest, options: command.options, strict: true });
    if (actions !== undefined && action === undefined) {
      throw new Misuse(`Say what to do: ${actions.join(" or ")}. See --help.`);
    }
    const code = await command.run(values, action);
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    const { sentence, code } = explain(error);
    process.stderr.write(`${redact(sentence)}\n`);
    // Whatever was begun would keep the process.
    process.exit(code);
  }
}

/** For a command that prints and ends: who has read enough, such as `head`, ends it without a word. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? process.exitCode : exitCodes.failed);
    });
  }
}

/** For a command that serves: it goes on without those who read what it prints. `onLost` is told of each once. */
export function outliveReader(onLost: (stream: "standard output" | "standard error") => void = () => undefined): void {
  const streams = [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const;
  for (const [name, stream] of streams) {
    let isLost = false;
    stream.on("error", () => {
      if (isLost) return;
      isLost = true;
      onLost(name);
    });
  }
}

function explain(error: unknown): { readonly sentence: string; readonly code: number } {
  if (error instanceof ConfigError) return { sentence: error.message, code: exitCodes.misused };
  if (error instanceof DirectoryInUse || error instanceof RecordUnavailable) {
    return { sentence: error.message, code: exitCodes.misused };
  }
  if (error instanceof SandboxAbsent) return { sentence: error.message, code: exitCodes.misused };
  if (error instanceof Misuse) return { sentence: error.message, code: exitCodes.misused };
  if (error instanceof CannotListen) return { sentence: error.message, code: exitCodes.failed };
  if (!(error instanceof Error)) return { sentence: String(error), code: exitCodes.failed };
  const misuse = "code" in error ? misuses[String(error.code)] : undefined;
  if (misuse !== undefined) return { sentence: `${misuse(error.message)} See --help.`, code: exitCodes.misused };
  // The system's own refusals say what and where: "ENOENT: no such file or directory, open '…'".
  const isSystem = "syscall" in error && "code" in error;
  return { sentence: isSystem ? error.message : (error.stack ?? error.message), code: exitCodes.failed };
}

/** What is wrong with a command line, by Node's code. Values are not repeated. */
const misuses: Readonly<Record<string, (message: string) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (message) =>
    `There is no option ${/'(-[^'=\s]+)/.exec(message)?.[1] ?? "of that name"}.`,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: () => "It takes options only, which begin with --.",
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (message) =>
    `${/^Option '(-[^'=\s]+)/.exec(message)?.[1] ?? "An option"} is not used like this: ${/missing|ambiguous/.test(message) ? "it needs a value" : "it takes no value"}.`,
};
