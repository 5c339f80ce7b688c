import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readConfig } from "../../src/config/readConfig.js";
import { EngineAway } from "../../src/fleet/FleetEngine.js";
import { connectRedis } from "../../src/fleet/redis/connectRedis.js";
import { leastRules } from "../../src/fleet/redis/engineCommands.js";
import { privateAuthority } from "../datacenter/privateAuthority.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { fleetKey, joinFleet, type Member } from "./joinFleet.js";

const one = { name: "one", lua: "return {KEYS[1], ARGV[1]}" };

async function isShared({ engine }: Member): Promise<boolean> {
  if (!engine.isThere) return false;
  const names = ["a", "b", "c", "d"].map((scope) => engine.key(scope, "x"));
  await engine.sendAll(names.map((name) => ["SET", name, "y"] as const));
  const kept = await engine.sendAll(names.map((name) => ["GET", name] as const));
  const ran = await Promise.all(names.map((name) => engine.run(one, [name], [2])));
  await engine.await("lane", 1, "XREAD", "BLOCK", 1, "STREAMS", engine.key("a", "stream"), "$");
  expect(kept).toEqual(names.map(() => Buffer.from("y")));
  expect(ran).toEqual(names.map((name) => [Buffer.from(name), Buffer.from("2")]));
  return true;
}

describe.skipIf(!hasRedis)("ways to a real server", () => {
  it("are a user with a password, who may do no more than this, over TLS by an authority of one's own, in another database", async () => {
    const redis = await startRedis({
      hasPort: true,
      settings: ({ directory, port }) => {
        const files = {
          cert: privateAuthority.server.cert,
          key: privateAuthority.server.key,
          ca: privateAuthority.certificate,
        };
        for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, `${name}.pem`), text);
        const at = (name: string) => join(directory, `${name}.pem`);
        const tls = ["--tls-cert-file", at("cert"), "--tls-key-file", at("key"), "--tls-ca-cert-file", at("ca")];
        return ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no", ...tls];
      },
    });
    try {
      const rules = leastRules({ isCluster: false, database: 3 }).split(" ");
      await redis.client.call("ACL", "SETUSER", "graph", "on", ">pass word/1", ...rules);
      const address = (name: string, ca: string, host = "localhost") => ({
        CACHE_URL: `rediss://${name}@${host}:${redis.port}/3`,
        ...(ca === "" ? {} : { CACHE_CA_FILE: join(redis.directory, ca) }),
      });
      for (const host of ["localhost", "127.0.0.1"]) {
        await using member = await joinFleet(address("graph:pass%20word%2F1", "ca.pem", host));
        expect(await isShared(member)).toBe(true);
      }
      expect(await redis.client.info("keyspace")).toMatch(/db3:keys=/);
      await using wrong = await joinFleet(address("graph:other", "ca.pem"));
      expect([wrong.engine.isThere, wrong.lines]).toMatchObject([false, [{ level: "warn", reason: "wrongpass" }]]);
      await using unknown = await joinFleet(address("graph:pass%20word%2F1", ""));
      expect(unknown.lines).toMatchObject([
        { reason: "unreachable", code: expect.stringMatching(/CERT|VERIFY|ISSUER/) },
      ]);
      await using elsewhere = await joinFleet(address("graph:pass%20word%2F1", "ca.pem", "localhost.localhost"));
      expect(elsewhere.engine.isThere).toBe(false);
    } finally {
      await redis.stop();
    }
  });

  it("end at a database that is not there, and at a password that is asked for", async () => {
    const redis = await startRedis();
    try {
      await using member = await joinFleet({ CACHE_URL: `${redis.url}?db=99` });
      expect(member.lines).toMatchObject([{ level: "warn", reason: "err" }]);
      const warn = vi.spyOn(console, "warn");
      await using needless = await joinFleet({ CACHE_URL: redis.url.replace("unix://", "unix://:secret-word@here") });
      expect([await isShared(needless), warn.mock.calls]).toEqual([true, []]);
      warn.mockRestore();
      await redis.client.config("SET", "requirepass", "secret-word");
      await using stranger = await joinFleet({ CACHE_URL: redis.url });
      expect(stranger.lines).toMatchObject([{ level: "warn", reason: "noauth" }]);
      await using known = await joinFleet({ CACHE_URL: redis.url.replace("unix://", "unix://:secret-word@here") });
      expect(await isShared(known)).toBe(true);
    } finally {
      await redis.stop();
    }
  });

  it("are the nodes of a cluster, slots that move among them, and one that is gone", async () => {
    // A node that does not know yet where it is itself tells of slots that are nowhere.
    const settings = [
      "--cluster-enabled",
      "yes",
      "--cluster-node-timeout",
      "60000",
      "--cluster-announce-ip",
      "127.0.0.1",
    ];
    const cluster = () => startRedis({ hasPort: true, settings });
    const [first, second] = await Promise.all([cluster(), cluster()]);
    try {
      await divide(first, second);
      const { CACHE_URL } = { CACHE_URL: `redis://127.0.0.1:${first.port}?cluster=true` };
      await using member = await joinFleet({ CACHE_URL });
      await using other = await joinFleet({ CACHE_URL });
      // Also where all begins at once, at nodes that nobody went to yet.
      const { engine } = member;
      const some = Array.from({ length: 40 }, (_, at) => engine.key(String(at), "x"));
      const begun = await engine.sendAll(some.map((key) => ["SET", key, "y"] as const));
      expect(new Set(begun.map(String))).toEqual(new Set(["OK"]));
      expect([await isShared(member), await isShared(other), other.engine.processes]).toEqual([true, true, 2]);
      // Both of them hold something.
      expect(await Promise.all([first, second].map(({ client }) => client.dbsize()))).not.toContain(0);
      // A slot that has moved is followed: that was a refusal, and no lost answer.
      const name = member.engine.key("a", "moved");
      const slot = Number(await first.client.call("CLUSTER", "KEYSLOT", name));
      await move(slot, first, second);
      expect(await member.engine.send("INCR", name)).toBe(1);
      expect(await member.engine.run(one, [name], [1])).toEqual([Buffer.from(name), Buffer.from("1")]);
      const fleet = readConfig({
        CACHE_KEY: fleetKey,
        CACHE_URL: `redis://127.0.0.1:${second.port}?cluster=true`,
      }).fleet;
      if (fleet === null) throw new Error("No fleet was configured.");
      const connect = connectRedis(fleet.address);
      const connected = () => connect(() => undefined, new AbortController().signal);
      (await connected()).close();
      await second.kill();
      // The node that is configured is gone: those that it told of are asked.
      const again = await connected();
      // A key of the one that is left: without a key any node is asked, the one that is gone among them.
      expect(await again.send("GET", [await keyOf(first, 0, 8_191)])).toBeNull();
      again.close();
      const all = ["a", "b", "c", "d", "e", "f", "g", "h"].map((scope) => member.engine.key(scope, "x"));
      const asked = Promise.allSettled(all.map((each) => member.engine.send("GET", each)));
      await member.turned(false);
      expect((await asked).some((each) => each.status === "rejected" && each.reason instanceof EngineAway)).toBe(true);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it("to one node of a cluster as if it were all of it say why they fail", async () => {
    const redis = await startRedis({ settings: ["--cluster-enabled", "yes"] });
    try {
      await using member = await joinFleet({ CACHE_URL: redis.url });
      expect(member.lines).toMatchObject([{ level: "warn", reason: "clusterdown" }]);
    } finally {
      await redis.stop();
    }
  });
});

/** Half of the slots to each, both knowing of the other. */
async function divide(first: TestRedis, second: TestRedis): Promise<void> {
  const all = Array.from({ length: 16_384 }, (_, slot) => slot);
  await first.client.call("CLUSTER", "ADDSLOTS", ...all.slice(0, 8_192));
  await second.client.call("CLUSTER", "ADDSLOTS", ...all.slice(8_192));
  await second.client.call("CLUSTER", "SET-CONFIG-EPOCH", "2");
  await first.client.call("CLUSTER", "SET-CONFIG-EPOCH", "1");
  await first.client.call("CLUSTER", "MEET", "127.0.0.1", String(second.port));
  for (const { client } of [first, second]) {
    while (!/cluster_state:ok/.test(String(await client.call("CLUSTER", "INFO")))) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }
}

/** A key that nobody uses, of a slot between two. */
async function keyOf({ client }: TestRedis, from: number, to: number): Promise<string> {
  for (let number = 0; ; number += 1) {
    const slot = Number(await client.call("CLUSTER", "KEYSLOT", `unused ${number}`));
    if (slot >= from && slot <= to) return `unused ${number}`;
  }
}

/** An empty slot goes to the node that does not have it. */
async function move(slot: number, first: TestRedis, second: TestRedis): Promise<void> {
  const [from, to] = slot < 8_192 ? [first, second] : [second, first];
  for (const name of (await from.client.call("CLUSTER", "GETKEYSINSLOT", slot, 100)) as string[])
    await from.client.del(name);
  const id = String(await to.client.call("CLUSTER", "MYID"));
  for (const { client } of [to, from]) await client.call("CLUSTER", "SETSLOT", slot, "NODE", id);
}
