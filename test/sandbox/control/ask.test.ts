import { expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startWatchedSandbox } from "../../support/deadFaults.js";
import { cloudWorld, human } from "../../support/worlds.js";

it("answers without a connection what it answers over one, for either half, and notes both alike", async () => {
  const world = parseWorld({ ...cloudWorld({ accounts: [human(1)] }), ...smallDataCenterWorld("10.2.0") });
  const sandbox = await startWatchedSandbox({ world, clock: { now: () => 0, sleep: async () => undefined } });
  try {
    const halves = [
      { ask: sandbox.ask, origin: sandbox.url, path: "/wiki/rest/api/user/current" },
      {
        ask: sandbox.dataCenter?.ask,
        origin: new URL(sandbox.dataCenter?.url ?? "").origin,
        path: "/confluence/rest/api/user/none",
      },
    ];
    for (const { ask, origin, path } of halves) {
      const response = await fetch(`${origin}${path}?a=b`);
      const text = await response.text();
      const asked = await ask?.({ method: "GET", url: `${path}?a=b`, headers: {}, body: "" });
      expect(asked).toMatchObject({ status: response.status, text });
      for (const [name, value] of Object.entries(asked?.headers ?? {})) expect(response.headers.get(name)).toBe(value);
      expect(asked?.headers["content-type"]).toBe(response.headers.get("content-type"));
    }
    const noted = sandbox.journal().map(({ path, status, deployment }) => `${deployment} ${path} ${status}`);
    expect(noted).toHaveLength(4);
    expect(new Set(noted).size).toBe(2);
  } finally {
    await sandbox.close();
  }
});
