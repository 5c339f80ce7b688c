import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ErrorClassifier } from "../../../src/http/errors.js";
import { httpLimits } from "../../../src/http/limits.js";
import { answers } from "./answers.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

const onceOnly = { ...httpLimits, maxRetries: 0 };

describe("the errors of a transport", () => {
  it.each([
    [401, "CredentialRejected"],
    [403, "AccessRefused"],
    [404, "NotVisible"],
    [400, "RequestRejected"],
    [409, "RequestRejected"],
    [413, "RequestRejected"],
    [418, "RequestRejected"],
    [501, "Unsupported"],
    [500, "UpstreamFailed"],
    [502, "UpstreamFailed"],
    [503, "UpstreamFailed"],
    [429, "Throttled"],
  ])("makes of a %i the kind %s, with call, status, the upstream's sentence and advice", async (status, kind) => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, { message: "Some reason" }, status),
    );
    const { errorOf } = openTransport(upstream.url, { limits: onceOnly });
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind, status, call: "GET /things/{id}", isAnswerLost: false });
    expect(error.message).toMatch(new RegExp(`^GET /things/\\{id\\} answered ${status}: "Some reason"\\. [A-Z].+\\.$`));
  });

  it("takes a 503 with Retry-After for a throttle", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 503, { "retry-after": "90" }),
    );
    const { errorOf } = openTransport(upstream.url);
    expect(await errorOf(calls.read)).toMatchObject({ kind: "Throttled", status: 503, retryAfterMs: 90_000 });
    expect(upstream.received).toHaveLength(1);
  });

  it("takes a 503 with Retry-After: 0, which limits nothing, for a failure", async () => {
    const upstream = await startUpstream((_request, response) =>
      answers.json(response, {}, 503, { "retry-after": "0" }),
    );
    const { errorOf } = openTransport(upstream.url, { limits: onceOnly });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "UpstreamFailed" });
  });

  it("takes a part of an answer for none, whatever can be read of it", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, { results: [] }, 206));
    const { errorOf } = openTransport(upstream.url);
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "ContractDrift", status: 206, isAnswerLost: false });
    expect(error.message).toContain("answered 206 with a part of an answer");
    expect(upstream.received).toHaveLength(1);
  });

  it("lets an adapter say what an error means", async () => {
    const classifyError: ErrorClassifier = ({ status, body }) =>
      status === 401 && JSON.stringify(body).includes("scope does not match")
        ? { kind: "ScopeMissing", advice: "Add the scope read:space." }
        : undefined;
    const upstream = await startUpstream(({ url }, response) =>
      answers.json(response, { message: url === "/scope" ? "scope does not match" : "no" }, 401),
    );
    const { errorOf } = openTransport(upstream.url, { classifyError });
    const error = await errorOf({ method: "GET", call: "GET /scope", path: "/scope" });
    expect(error).toMatchObject({ kind: "ScopeMissing", status: 401 });
    expect(error.message).toContain("Add the scope read:space.");
    expect(await errorOf(calls.read)).toMatchObject({ kind: "CredentialRejected" });
  });

  it("takes the sentence an adapter finds in its own error shape, and falls back to the common ones", async () => {
    const upstream = await startUpstream(({ url }, response) =>
      answers.json(
        response,
        url === "/own" ? { data: { text: "Own words" }, message: "x" } : { message: "Common" },
        400,
      ),
    );
    const describe = (body: unknown) => (JSON.stringify(body).includes("Own words") ? "Own words" : null);
    const { errorOf } = openTransport(upstream.url, { describe });
    expect((await errorOf({ method: "GET", call: "GET /own", path: "/own" })).message).toContain('"Own words"');
    expect((await errorOf(calls.read)).message).toContain('"Common"');
  });

  it("does not follow a redirect, and names the origin it pointed to and nothing more", async () => {
    const elsewhere = await startUpstream((_request, response) => answers.json(response, {}));
    const upstream = await startUpstream(
      (_request, response) => void response.writeHead(302, { location: `${elsewhere.url}/login?token=s3cret` }).end(),
    );
    const { errorOf } = openTransport(upstream.url);
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "Misconfigured", status: 302 });
    expect(error.message).toContain(elsewhere.url);
    expect(error.message).not.toMatch(/login|s3cret/);
    expect(elsewhere.received).toHaveLength(0);
  });

  it("does not follow a redirect within the site either", async () => {
    const upstream = await startUpstream(
      (_request, response) => void response.writeHead(301, { location: "/login?token=s3cret" }).end(),
    );
    const { errorOf } = openTransport(upstream.url);
    expect((await errorOf(calls.read)).message).toMatch(/another path of the same site/);
    expect(upstream.received).toHaveLength(1);
  });

  it("says so when a sign-in page comes instead of JSON", async () => {
    const page = "<!DOCTYPE html><html><head><title>Log in</title></head><body>Welcome</body></html>";
    const upstream = await startUpstream((_request, response) => answers.html(response, page));
    const { errorOf } = openTransport(upstream.url);
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "ContractDrift", status: 200, isAnswerLost: false });
    expect(error.message).toMatch(/web page instead of JSON \("Log in Welcome"\).*sign-in page/);
    expect(upstream.received).toHaveLength(1);
  });

  it("calls a 2xx that is cut JSON drift, and a write's result unknown", async () => {
    const upstream = await startUpstream((_request, response) => void response.writeHead(200).end('{"id": "4'));
    const { errorOf } = openTransport(upstream.url);
    expect(await errorOf(calls.write)).toMatchObject({ kind: "ContractDrift", status: 200, isAnswerLost: true });
    expect(upstream.received).toHaveLength(1);
  });

  it("does not read a body beyond the cap", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, "x".repeat(300_000)));
    const { errorOf, transport } = openTransport(upstream.url, { limits: { ...httpLimits, maxBodyBytes: 100_000 } });
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "UpstreamFailed", status: 200 });
    expect(error.message).toContain("longer body than is read");
    expect(upstream.received).toHaveLength(1);
    await expect(transport.send(calls.read)).rejects.toThrowError(/longer body/);
  });

  it("keeps the status of an error whose body is beyond the cap", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, "x".repeat(300_000), 403));
    const { errorOf } = openTransport(upstream.url, { limits: { ...httpLimits, maxBodyBytes: 100_000 } });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "AccessRefused", status: 403 });
  });

  it("never shows the credential, though the upstream echoes it", async () => {
    const secret = "Basic cGVyc29uQGV4YW1wbGUuY29tOmFwaS10b2tlbi0x";
    const upstream = await startUpstream((request, response) =>
      answers.json(response, { message: `bad header ${request.headers.authorization} for api-token-1` }, 400),
    );
    const { errorOf, log } = openTransport(upstream.url, { authorization: { header: () => secret } });
    const error = await errorOf(calls.read);
    expect(error.message).toContain("bad header *** for ***");
    expect(JSON.stringify([log, error])).not.toMatch(/cGVyc29u|api-token-1/);
  });

  it("does not quote a credential that cannot be a header", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const { errorOf } = openTransport(upstream.url, { authorization: { header: () => "Bearer s3cret\nline" } });
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "Misconfigured", status: null, isAnswerLost: false });
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain("s3cret");
    expect(upstream.received).toHaveLength(0);
  });

  it("says that a refused connection was never made", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    await upstream.close();
    const { errorOf } = openTransport(upstream.url, { limits: onceOnly });
    const error = await errorOf(calls.write);
    expect(error).toMatchObject({ kind: "Unreachable", status: null, isAnswerLost: false });
    expect(error.message).toContain("ECONNREFUSED");
  });

  it("says that an answer was lost when the connection breaks in the middle of a body", async () => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"id":', () => response.destroy());
    });
    const { errorOf } = openTransport(upstream.url, { limits: onceOnly });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "Unreachable", status: null, isAnswerLost: true });
  });

  it("calls an upstream unreachable that does not send headers in time", async () => {
    const upstream = await startUpstream(() => undefined);
    const { errorOf } = openTransport(upstream.url, { limits: { ...onceOnly, headersTimeoutMs: 50 } });
    const error = await errorOf(calls.write);
    expect(error).toMatchObject({ kind: "Unreachable", status: null, isAnswerLost: true });
    expect(error.message).toContain("UND_ERR_HEADERS_TIMEOUT");
  });

  it("calls an upstream unreachable whose body falls silent", async () => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{");
    });
    const { errorOf } = openTransport(upstream.url, { limits: { ...onceOnly, bodyTimeoutMs: 50 } });
    expect(await errorOf(calls.read)).toMatchObject({ kind: "Unreachable", isAnswerLost: true });
  });

  it("does not take something that is not HTTP for an answer", async () => {
    const server = createServer((socket) => void socket.on("data", () => socket.end("SSH-2.0-OpenSSH\r\n\r\n")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const { errorOf } = openTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      limits: onceOnly,
    });
    const error = await errorOf(calls.read);
    expect(error).toMatchObject({ kind: "Unreachable", status: null, isAnswerLost: true });
    expect(error.message).toContain("not HTTP");
    expect(error.cause).toBeUndefined();
  });

  it("passes an error of the credential's source on", async () => {
    const upstream = await startUpstream((_request, response) => answers.json(response, {}));
    const header = () => Promise.reject(new Error("no token today"));
    const { transport } = openTransport(upstream.url, { authorization: { header } });
    await expect(transport.send(calls.read)).rejects.toThrowError("no token today");
    expect(upstream.received).toHaveLength(0);
  });
});
