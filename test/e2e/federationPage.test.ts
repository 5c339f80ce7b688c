import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { passedOn } from "../../examples/gateway/headers.js";
import { composers } from "../federation/composers.js";
import { programFlags } from "../support/engineFlags.js";
import { sendQuery } from "../support/sendQuery.js";
import { type Program, startProgram } from "./startProgram.js";

const root = join(import.meta.dirname, "../..");
const page = await readFile(join(root, "docs/federation.md"), "utf8");
/** What stands between fences of a language, in the order of the page. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);
const commands = blocks("sh")
  .join("")
  .replaceAll("\\\n", "")
  .split("\n")
  .filter((line) => line !== "");
const curls = commands.filter((command) => command.startsWith("curl "));

describe("docs/federation.md", () => {
  let folder: string;
  let supergraph: Program;
  const addressOf = (name: string) => new RegExp(`^${name} +(\\S+)$`, "m").exec(supergraph.out())?.[1] ?? "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "federation-"));
    supergraph = await startProgram("../examples/start.js", { args: ["--port", "0"], isUp: /^Supergraph .*\n/m });
  });
  afterAll(async () => {
    supergraph.signal("SIGTERM");
    await supergraph.ended();
    await rm(folder, { recursive: true });
  });

  it("shows no command that is not run here", () => {
    expect(commands.filter((command) => !curls.includes(command))).toEqual([
      // Whoever runs this has done it.
      "npm ci",
      // `supergraph` runs examples/start.js, and that the others, each by itself.
      "npm run supergraph",
      "npm start",
      "node examples/people/main.js",
      "node examples/tickets/main.js",
      "node examples/gateway/main.js",
      "node examples/gateway/main.js --compose-to supergraph.graphql",
    ]);
  });

  it("shows requests that are answered across the three subgraphs, one of them as it is printed", async () => {
    expect(curls).toHaveLength(2);
    const answers = [];
    for (const curl of curls) {
      const { query } = JSON.parse(/ -d '(.+)'$/.exec(curl)?.[1] ?? "") as { query: string };
      expect(curl).toContain("http://127.0.0.1:4003/ ");
      answers.push(await sendQuery(addressOf("Supergraph"), query));
    }
    expect(answers[0]).toEqual(JSON.parse(blocks("json")[0] ?? ""));
    expect(answers[1]?.data.employee).toMatchObject({
      ...{ name: "Miriam Hoffmann", leftOn: "2026-09-30" },
      identities: [{ accounts: { nodes: [{ status: "ACTIVE" }, { status: "DEACTIVATED" }] } }],
    });
  });

  it("composes from the running subgraphs", async () => {
    const file = join(folder, "supergraph.graphql");
    const args = Object.entries({ confluence: "GraphQL", people: "People", tickets: "Tickets" }).flatMap(
      ([name, printed]) => [`--${name}`, addressOf(printed)],
    );
    const program = join(root, "examples/gateway/main.js");
    await promisify(execFile)(process.execPath, [...programFlags, program, ...args, "--compose-to", file]);
    expect(await readFile(file, "utf8")).toContain(`url: "${addressOf("GraphQL")}"`);
  });

  it("has files for composing that compose", async () => {
    const [rover = ""] = blocks("yaml");
    const { subgraphs } = parseYaml(rover) as {
      readonly subgraphs: Readonly<Record<string, { routing_url: string; schema: { file: string } }>>;
    };
    const read = Object.entries(subgraphs).map(async ([name, { routing_url: url, schema }]) => ({
      ...{ name, url },
      sdl: await readFile(join(root, schema.file), "utf8"),
    }));
    const composed = composers["@theguild/federation-composition"]?.(await Promise.all(read));
    expect(composed?.errors).toEqual([]);
  });

  it("passes on the same headers in every configuration, and in the table", () => {
    const [, ...configurations] = blocks("yaml").map((text) => JSON.stringify(parseYaml(text)));
    expect(configurations).toHaveLength(2);
    for (const configuration of configurations) {
      expect(/\^\((.+?)\)\$/.exec(configuration)?.[1]?.split("|")).toEqual(passedOn);
    }
    const table = page.slice(page.indexOf("| header |"), page.indexOf("Apollo Router:\n"));
    expect([...table.matchAll(/`([a-z-]+)`(?=[,` ].*\|.*\|)/g)].map(([, name]) => name)).toEqual(passedOn);
  });

  it("quotes the gateways as they are tested", async () => {
    const sources = await Promise.all(
      ["startHiveGateway.js", "startApolloGateway.js"].map((name) =>
        readFile(join(root, "examples/gateway", name), "utf8"),
      ),
    );
    expect(blocks("js")).toHaveLength(2);
    for (const [index, text] of blocks("js").entries()) expect(sources[index]).toContain(text);
  });
});
