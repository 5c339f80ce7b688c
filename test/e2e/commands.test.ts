import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./ensureBuilt.js";
import { type Program, type ProgramOptions, startProgram } from "./startProgram.js";

const commands = [
  "main.js",
  "cli/sandbox.js",
  "cli/doctor.js",
  "cli/audit.js",
  "cli/export.js",
  "cli/printSchema.js",
  "cli/renderSettings.js",
];
const running: Program[] = [];

beforeAll(() => ensureBuilt(), 300_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.dispose()));
});

async function start(path: string, options: ProgramOptions = {}): Promise<Program> {
  const program = await startProgram(path, options);
  running.push(program);
  return program;
}

async function run(path: string, options: ProgramOptions = {}) {
  const program = await start(path, options);
  const code = await program.ended();
  return { code, out: program.out(), err: program.err() };
}

describe("every command", () => {
  it.each(commands)(
    "says with --help what it does, its options and its exit codes, and ends with 0: %s",
    async (path) => {
      const { code, out, err } = await run(path, { args: ["--help"] });
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Usage: \S/);
      expect(out).toMatch(/^ {2}--help\b/m);
      expect(out).toMatch(/^Ends with 0/m);
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(130);
    },
  );

  it.each(["main.js", "cli/sandbox.js", "cli/audit.js"])(
    "says with --version which it is, and ends with 0: %s",
    async (path) => {
      const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
      expect(await run(path, { args: ["--version"] })).toEqual({ code: 0, out: `${version}\n`, err: "" });
    },
  );

  it.each(commands)(
    "ends with 2 and a sentence for an option that it does not know, without its value: %s",
    async (path) => {
      const { code, out, err } = await run(path, { args: ["--no-such-option=a-secret-value"] });
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain("--no-such-option");
      expect(err).toContain("See --help.");
      expect(err).not.toMatch(/a-secret-value|\n {4}at /);
    },
  );

  const alone = commands.filter((path) => !["main.js", "cli/sandbox.js"].includes(path));
  it.each(alone)("takes nothing but options: %s", async (path) => {
    const { code, err } = await run(path, { args: ["a-secret-value"] });
    expect([code, err]).toEqual([2, "It takes options only, which begin with --. See --help.\n"]);
  });

  it.each([...commands.map((path) => [path, "--help"]), ["cli/printSchema.js"]])(
    "ends without a word when nobody reads what it prints, as behind head: %s %s",
    async (path, ...args) => {
      const program = await start(path, { args });
      program.stopReading("stdout");
      expect([await program.ended(), program.err()]).toEqual([0, ""]);
    },
  );

  it.each([
    ["serve", ["--help"], "Usage: confluence-access-graph [serve]"],
    ["sandbox", ["--help"], "Usage: confluence-access-graph sandbox "],
    ["doctor", ["--help"], "Usage: confluence-access-graph doctor "],
    ["export", ["--help"], "Usage: confluence-access-graph export "],
    ["audit", ["--help"], "Usage: confluence-access-graph audit "],
    ["callers", ["new", "--help"], "Usage: confluence-access-graph callers "],
    ["print-schema", ["--help"], "Usage: confluence-access-graph print-schema "],
  ])("is one word behind the program: %s", async (word, args, usage) => {
    const { code, out, err } = await run("main.js", { args: [word, ...args] });
    expect([code, err]).toEqual([0, ""]);
    expect(out.startsWith(usage)).toBe(true);
  });

  it("is named where the word is no command, with what there is, and ends with 2", async () => {
    const { code, out, err } = await run("main.js", { args: ["a-secret-value", "--help"] });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe(
      "There is no command of that name. There are serve, sandbox, doctor, export, audit, callers, print-schema. See --help.\n",
    );
  });

  it("says in one line which file it cannot write", async () => {
    const { code, err } = await run("cli/printSchema.js", { args: ["--out", "/no/such/folder/schema.graphql"] });
    expect([code, err]).toEqual([1, "ENOENT: no such file or directory, open '/no/such/folder/schema.graphql'\n"]);
  });

  it("says that an option lacks its value", async () => {
    const { code, err } = await run("cli/printSchema.js", { args: ["--out"] });
    expect([code, err]).toEqual([2, "--out is not used like this: it needs a value. See --help.\n"]);
  });
});

describe("a port that is taken", () => {
  it.each([
    ["main.js", (port: string) => ({ env: { PORT: port } })],
    ["cli/sandbox.js", (port: string) => ({ args: ["--port", port, "--dc-port", "0"] })],
  ] as const)("ends %s with 1 and the sentence alone", async (path, optionsOf) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const { code, out, err } = await run(path, optionsOf(port));
    server.close();
    expect([code, out]).toEqual([1, ""]);
    expect(err.split("\n").filter((line) => !line.startsWith("{"))).toEqual([expect.stringContaining(port), ""]);
    expect(err).not.toContain("Error:");
  });
});

describe("the server whose reader has gone", () => {
  const isUp = /^GraphiQL {2}(\S+)\/graphiql$/m;
  const addressOf = (program: Program) => isUp.exec(program.out())?.[1] ?? "";

  it("goes on and answers, also when nobody reads its log either", async () => {
    const program = await start("main.js", { env: { PORT: "0", LOG_LEVEL: "debug" }, isUp });
    program.stopReading("stdout");
    program.stopReading("stderr");
    for (let request = 0; request < 3; request += 1) {
      expect((await fetch(`${addressOf(program)}/health/live`)).status).toBe(200);
    }
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
  });

  it("refuses changes when the audit was to go there, says so in the log, and lives", async () => {
    const program = await start("main.js", { env: { PORT: "0", AUDIT_LOG: "stdout" }, isUp });
    const mutate = async (name: string) => {
      const query = `mutation { createGroup(input: { siteId: "sandbox-cloud", name: "${name}" }) { outcome userErrors { code message } } }`;
      const response = await fetch(`${addressOf(program)}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query }),
      });
      return response.json();
    };
    expect(await mutate("first")).toMatchObject({ data: { createGroup: { outcome: "CREATED" } } });
    await expect.poll(program.out).toContain('"first"');
    program.stopReading("stdout");
    for (const name of ["second", "third"]) {
      expect(await mutate(name)).toMatchObject({
        data: { createGroup: { outcome: "FAILED", userErrors: [{ code: "AUDIT_UNAVAILABLE" }] } },
      });
    }
    await expect
      .poll(program.log)
      .toContainEqual(
        expect.objectContaining({ level: "warn", msg: expect.stringContaining("nobody reads standard output") }),
      );
  });
});
