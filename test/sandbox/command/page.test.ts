import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArguments } from "../../../sandbox/src/command/readArguments.js";
import { startSandbox } from "../../../sandbox/src/startSandbox.js";
import { defaultWorld } from "../../../sandbox/src/world/generation/defaultWorld.js";

const page = await readFile(join(import.meta.dirname, "../../../docs/sandbox.md"), "utf8");

describe("the page of the sandbox", () => {
  const commands = [...page.matchAll(/^npm run sandbox -- (.+)$/gm)].map(([, line = ""]) => line);

  it.each(commands)("npm run sandbox -- %s: is taken", (line) => {
    expect(readArguments(line.split(" ")).faults).toEqual([]);
  });

  it("shows requests that are answered, and a fault that is taken and strikes", async () => {
    expect(commands.length).toBeGreaterThan(5);
    const sandbox = await startSandbox({ world: defaultWorld() });
    onTestFinished(() => sandbox.close());
    const at = (url: string) => {
      const { pathname, search, port } = new URL(url);
      const base = port === "4011" ? new URL(sandbox.dataCenter?.url ?? "").origin : sandbox.url;
      return base + pathname + search;
    };
    const requests = [...page.matchAll(/^curl -u (\S+) '([^']+)'$/gm)];
    expect(requests).toHaveLength(2);
    for (const [, user = "", url = ""] of requests) {
      const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
      const answer = await fetch(at(url), { headers: { authorization } });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ results: [{}, {}] });
    }

    const [, url = "", body = ""] = /^curl (\S+) -d '([^']+)'$/m.exec(page) ?? [];
    expect((await fetch(at(url), { method: "POST", body })).ok).toBe(true);
    const [[, user = ""] = []] = requests;
    const struck = await fetch(`${sandbox.url}/wiki/api/v2/spaces/1/permissions`, {
      headers: { authorization: `Basic ${Buffer.from(user).toString("base64")}` },
    });
    expect([struck.status, struck.headers.get("retry-after")]).toEqual([429, "1"]);
  });
});
