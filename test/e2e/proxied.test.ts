import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openSite } from "../../src/compose/openSite.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";

it("a site is called through the proxy that the environment names, in a tunnel, and nothing of the credential is told to it", async () => {
  const proxy = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void proxy.close());
  await once(proxy, "listening");
  const asked: string[] = [];
  proxy.on("connect", ({ url, headers }, socket) => {
    asked.push(`${url} ${JSON.stringify(headers)}`);
    socket.on("error", () => undefined).end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  });
  const token = "token-that-no-proxy-sees";
  const config = readConfig({
    CONFLUENCE_URL: "https://acme.atlassian.net",
    CONFLUENCE_EMAIL: "ada@example.com",
    CONFLUENCE_API_TOKEN: token,
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  const [site] = config.sites ?? [];
  if (site === undefined) throw new Error("No site is configured.");
  const { loaders, close } = openSite(config, site, createLogger({ level: "silent" }));
  onTestFinished(close);
  await expect(loaders.store.site.checkCredential()).rejects.toThrow();
  expect(asked.length).toBeGreaterThan(0);
  for (const each of asked) {
    expect(each).toMatch(/^acme\.atlassian\.net:443 /);
    expect(each).not.toContain(token);
    expect(each).not.toContain(Buffer.from(`ada@example.com:${token}`).toString("base64"));
  }
});
