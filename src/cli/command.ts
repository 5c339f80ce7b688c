import { endWithReader, exitCodes } from "./runCommand.js";

/** What can be asked for by one word; without one the server starts. Each reads the rest of the command line itself. */
const commands: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ["serve", () => import("./serve.js")],
  ["sandbox", () => import("./sandbox.js")],
  ["doctor", () => import("./doctor.js")],
  ["export", () => import("./export.js")],
  ["audit", () => import("./audit.js")],
  ["callers", () => import("./callers.js")],
  ["print-schema", () => import("./printSchema.js")],
]);

const [word] = process.argv.slice(2);
if (word === undefined || word.startsWith("-")) await import("./serve.js");
else {
  const load = commands.get(word);
  if (load === undefined) {
    endWithReader();
    // The word is not repeated: a secret may have slipped into its place.
    process.stderr.write(
      `There is no command of that name. There are ${[...commands.keys()].join(", ")}. See --help.\n`,
    );
    process.exitCode = exitCodes.misused;
  } else {
    process.argv.splice(2, 1);
    await load();
  }
}
