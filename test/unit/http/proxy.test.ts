import { createServer as createPlain, type IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { httpLimits } from "../../../src/http/limits.js";
import { isProxied } from "../../../src/http/proxy.js";
import { privateAuthority } from "../../datacenter/privateAuthority.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";

const onceOnly = { ...httpLimits, maxRetries: 0 };

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
  close(done: () => void): unknown;
}

async function portOf(server: Listening): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return port;
}

/** A site over TLS, whose certificate a private authority vouches for, and what it was asked with. */
async function startSite() {
  const credentials: (string | undefined)[] = [];
  const server = createServer(privateAuthority.server, (request, response) => {
    credentials.push(request.headers.authorization);
    response.writeHead(200, { "content-type": "application/json" }).end('{"id":"41"}');
  });
  const port = await portOf(server);
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `https://localhost:${port}`, host: `localhost:${port}`, credentials };
}

/** A proxy that opens the way to this machine and keeps all that it sees of it; with a status, one that does not. */
async function startProxy(status = 200) {
  const asked: { readonly target: string; readonly authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let seen = "";
  const server = createPlain((request, response) => {
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    seen += JSON.stringify(request.headers);
    response.writeHead(502).end();
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    seen += JSON.stringify(request.headers);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.on("data", (chunk: Buffer) => {
        seen += chunk.toString("latin1");
      });
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    for (const each of [socket, onward]) each.on("error", () => undefined);
  });
  const port = await portOf(server);
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { address: `127.0.0.1:${port}`, asked, seen: () => seen };
}

const through = (address: string, exceptions: readonly string[] = []) => ({
  url: new Secret(`http://us:let-us-in@${address}`),
  exceptions,
  ca: null,
});

describe("a proxy on the way to a site", () => {
  it("opens a tunnel that it cannot look into: the credential is the site's alone", async () => {
    const [site, proxy] = [await startSite(), await startProxy()];
    const { transport } = openTransport(site.url, {
      ca: privateAuthority.certificate,
      proxy: through(proxy.address),
    });
    expect(await transport.send(calls.read)).toMatchObject({ status: 200, body: { id: "41" } });
    expect(await transport.send(calls.write)).toMatchObject({ status: 200 });
    expect(site.credentials).toEqual(["Bearer token-of-a-test", "Bearer token-of-a-test"]);
    const own = `Basic ${Buffer.from("us:let-us-in").toString("base64")}`;
    expect(proxy.asked[0]).toEqual({ target: site.host, authorization: own });
    expect(proxy.seen()).not.toContain("token-of-a-test");
  });

  it("does not vouch for the site: its certificate is checked as it would be without", async () => {
    const [site, proxy] = [await startSite(), await startProxy()];
    const { errorOf } = openTransport(site.url, { limits: onceOnly, proxy: through(proxy.address) });
    const error = await errorOf(calls.write);
    expect(error).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    expect(error.message).toContain("no trusted TLS connection");
    expect(site.credentials).toEqual([]);
  });

  it.each([
    [407, "does not let it through"],
    [403, "does not let it through"],
    [502, "found no way"],
  ])("that answers %i has sent nothing, and its own password stays out of what is told", async (status, told) => {
    const [site, proxy] = [await startSite(), await startProxy(status)];
    const { errorOf, log } = openTransport(site.url, { limits: onceOnly, proxy: through(proxy.address) });
    const error = await errorOf(calls.write);
    expect(error).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    expect(error.message).toContain(told);
    expect(`${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(log)}`).not.toContain("let-us-in");
    expect(proxy.asked).toHaveLength(1);
  });

  it("is passed by on the way to what the exceptions name", async () => {
    const [site, proxy] = [await startSite(), await startProxy()];
    const { transport } = openTransport(site.url, {
      ca: privateAuthority.certificate,
      proxy: through(proxy.address, ["localhost"]),
    });
    await transport.send(calls.read);
    expect([site.credentials.length, proxy.asked.length]).toEqual([1, 0]);
  });

  it("never sees a call over plain HTTP, for it could read the credential", async () => {
    const proxy = await startProxy();
    const server = createPlain((_request, response) => void response.writeHead(200).end("{}"));
    const port = await portOf(server);
    onTestFinished(() => void server.close());
    const { transport } = openTransport(`http://localhost:${port}`, { proxy: through(proxy.address) });
    await transport.send(calls.read);
    expect(proxy.asked).toEqual([]);
  });
});

describe("what is reached without a proxy", () => {
  it.each([
    ["*", "https://acme.atlassian.net", true],
    ["example.com", "https://wiki.example.com", true],
    ["example.com", "https://example.com", true],
    [".example.com", "https://WIKI.example.com", true],
    ["*.example.com", "https://wiki.example.com", true],
    ["example.com", "https://notexample.com", false],
    ["example.com:8443", "https://wiki.example.com:8443", true],
    ["example.com:8443", "https://wiki.example.com", false],
    ["10.0.0.7", "https://10.0.0.7", true],
    ["0.0.7", "https://10.0.0.7", false],
    ["::1", "https://[::1]:8443", true],
    ["api.atlassian.com", "https://acme.atlassian.net", false],
    ["10.0.0.0/8", "https://10.96.0.1", true],
    ["10.0.0.0/8", "https://11.0.0.1", false],
    ["10.0.0.0/8", "https://10.example.com", false],
    ["10.96.0.1/32", "https://10.96.0.1:8443", true],
    ["10.0.0.0/33", "https://10.0.0.0", false],
    ["10.0.0.0/", "https://10.0.0.0", false],
    ["10.0.0.0/8/8", "https://10.0.0.0", false],
    ["example.com/8", "https://example.com", false],
    ["fd00::/8", "https://[fd12::1]", true],
    ["fd00::/8", "https://[fe80::1]", false],
    ["0.0.0.0/0", "https://[fe80::1]", false],
    ["0:0:0:0:0:0:0:1", "https://[::1]:8443", true],
    ["[FD00:0::0:1]:8443", "https://[fd00::1]:8443", true],
    ["[FD00:0::0:1]:8443", "https://[fd00::1]", false],
    ["example.com.", "https://wiki.example.com", true],
    ["example.com", "https://wiki.example.com.", true],
    ["*:443", "https://wiki.example.com", true],
    ["*:443", "https://wiki.example.com:8443", false],
    ["*example.com", "https://myexample.com", true],
    ["*example.com", "https://example.com", true],
    ["*example.com", "https://example.com.evil.test", false],
    ["bücher.example", "https://wiki.bücher.example", true],
    [".Bücher.example", "https://wiki.xn--bcher-kva.example", true],
    [".", "https://example.com", false],
  ])("by %s: %s (%s)", (exception, origin, isWithout) => {
    expect(isProxied(origin, { exceptions: [exception] })).toBe(!isWithout);
  });
});
