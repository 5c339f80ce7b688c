import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { boundless } from "../../../src/callers/Caller.js";
import { Callers } from "../../../src/callers/Callers.js";
import { Secret } from "../../../src/config/Secret.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { ManualClock } from "../../support/ManualClock.js";

const token = "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6Im9uZSJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmVk";

it("the keys of an identity provider are asked for through the proxy, in a tunnel, once, and its password stays out of the log", async () => {
  const proxy = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void proxy.close());
  await once(proxy, "listening");
  const asked: (string | undefined)[] = [];
  proxy.on("connect", ({ url }, socket) => {
    asked.push(url);
    socket.on("error", () => undefined).end();
  });
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const lines: string[] = [];
  const callers = new Callers({
    config: {
      ...{ file: null, limits: boundless, operations: "any" },
      jwt: {
        ...{ issuer: "https://login.example.com/", audience: "access-graph", skewMs: 0 },
        jwksUrl: "https://login.example.com/keys",
        claims: { name: "sub", scopes: "scope", accounts: "accounts" },
      },
    },
    token: null,
    clock: new ManualClock(),
    logger: createLogger({ level: "warn", destination: { write: (line) => void lines.push(line) } }),
    proxy: { url: new Secret(`http://us:let-us-in@${address}`), exceptions: ["localhost"], ca: null },
  });
  onTestFinished(() => callers.close());
  await callers.identify(token);
  expect(asked).toEqual(["login.example.com:443"]);
  expect(lines.join("")).toContain("TUNNEL_UND_ERR_SOCKET");
  expect(lines.join("")).not.toContain("let-us-in");
});
