// The engine that the deployments start, here: with their arguments and the user that docs/operating.md makes, where the machine has it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { root, start } from "../package/consumer.mjs";

const programs = ["valkey-server", "redis-server"];

/** Whether a server that is given the secrets of `place` shares by that engine, with what the engine's user may do. */
export async function checkCache(place, note) {
  const program = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (program === undefined)
    return note("There is neither Valkey nor Redis here: the cache of the deployments was not tried.");
  const { services } = parse(readFileSync(join(root, "deploy/compose.yaml"), "utf8"));
  const secrets = join(place, "deploy/secrets");
  const args = services.cache.command.map((word) => word.replace(/^\/run\/secrets(?=\/)/, secrets));
  const port = await freePort();
  const engine = spawn(program, [...args, "--port", String(port), "--bind", "127.0.0.1"], {
    cwd: place,
    stdio: "ignore",
  });
  const url = readFileSync(join(secrets, "cache-url"), "utf8").replace("@cache:6379", `@127.0.0.1:${port}`);
  const server = start(place, [process.execPath, join(root, "dist/main.js")], {
    ...{ PORT: "0", CACHE_URL: url, CACHE_KEY_FILE: join(secrets, "cache-key") },
    AUDIT_LOG: join(place, "shared.jsonl"),
  });
  try {
    const graphql = await server.says(/^GraphQL +(\S+)/m);
    await until(async () => (await metricsOf(graphql)).includes('access_graph_fleet_state{state="shared"} 1'));
    const asked = [
      "{ spaces(first: 5) { nodes { key grants(first: 5) { nodes { id } } } } sites { findings(first: 1) { nodes { __typename } } } }",
      'mutation { createGroup(input: { siteId: "sandbox-cloud", name: "shared" }) { outcome } }',
    ];
    for (const query of asked) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(graphql, { method: "POST", headers, body: JSON.stringify({ query }) });
      assert.equal((await response.json()).errors, undefined);
    }
    await pause(1_500);
    const metrics = await metricsOf(graphql);
    assert.ok(
      metrics.includes('access_graph_fleet_state{state="shared"} 1'),
      "the engine's user may do all that is asked",
    );
    assert.doesNotMatch(metrics, /^access_graph_fleet_failures_total\{.*\} [1-9]/m);
  } finally {
    server.kill();
    engine.kill("SIGKILL");
  }
}

async function metricsOf(graphql) {
  return (await fetch(new URL("/metrics", graphql))).text();
}

async function until(isSo) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Error("The server does not share by the engine of the deployments.");
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
