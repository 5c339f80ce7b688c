import { describe, expect, it } from "vitest";
import { fieldOf } from "./support/fieldOf.js";
import { MovableClock } from "./support/MovableClock.js";
import { type OpenSandbox, openSandbox } from "./support/openSandbox.js";

const client = {
  grant_type: "client_credentials",
  client_id: "sandbox-client",
  client_secret: "sandbox-client-secret",
};
const spaces = "/ex/confluence/cloud-1/wiki/api/v2/spaces";

/** Asks for a token with a JSON body. */
async function ask({ raw }: OpenSandbox, fields: unknown) {
  const headers = { "content-type": "application/json" };
  return raw("/oauth/token", { method: "POST", headers, body: JSON.stringify(fields) });
}

async function tokenOf(open: OpenSandbox): Promise<string> {
  return String(fieldOf((await ask(open, client)).body, "access_token"));
}

async function statusOf({ raw }: OpenSandbox, token: string): Promise<number> {
  return (await raw(spaces, { headers: { authorization: `Bearer ${token}` } })).status;
}

describe("the token endpoint", () => {
  it("exchanges client credentials for an opaque access token that names its lifetime and scopes", async () => {
    const open = await openSandbox();
    const { status, body, headers } = await ask(open, client);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 3600,
      scope: expect.stringContaining("read:space:confluence"),
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(await statusOf(open, String(fieldOf(body, "access_token")))).toBe(200);
  });

  it("takes a form too, and an audience that nobody asked for", async () => {
    const open = await openSandbox();
    const body = new URLSearchParams({ ...client, audience: "api.atlassian.com" });
    const answer = await open.raw("/oauth/token", { method: "POST", body });
    expect(answer.status).toBe(200);
    expect(await statusOf(open, String(fieldOf(answer.body, "access_token")))).toBe(200);
  });

  const inHeader = ({ raw }: OpenSandbox, id: string, secret: string, fields: Readonly<Record<string, string>> = {}) =>
    raw("/oauth/token", {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", ...fields }),
    });

  it("takes the client in a Basic header, form-urlencoded as RFC 6749 has it, or as it is", async () => {
    const oauth = { clientId: "client one", clientSecret: "a+b/c%=:&ü" };
    const open = await openSandbox({ credentials: { oauth } });
    const form = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
    const encoded = await inHeader(open, form(oauth.clientId), form(oauth.clientSecret));
    expect([encoded.status, await statusOf(open, String(fieldOf(encoded.body, "access_token")))]).toEqual([200, 200]);
    expect((await inHeader(open, oauth.clientId, oauth.clientSecret)).status).toBe(200);
    expect((await inHeader(open, "client%20one", form(oauth.clientSecret))).status).toBe(200);
    const refused = await inHeader(open, oauth.clientId, "wrong");
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Basic"]);
  });

  it("takes the client's id in the body beside its header, but no second secret", async () => {
    const { client_id, client_secret } = client;
    const open = await openSandbox();
    expect((await inHeader(open, client_id, client_secret, { client_id })).status).toBe(200);
    expect((await inHeader(open, client_id, client_secret, { client_id, client_secret })).status).toBe(400);
  });

  it.each([
    ["a wrong secret", { ...client, client_secret: "wrong" }],
    ["a wrong client", { ...client, client_id: "wrong" }],
  ])("refuses %s with 401 access_denied and does not say which of the two is wrong", async (_, fields) => {
    const { status, body } = await ask(await openSandbox(), fields);
    expect(status).toBe(401);
    expect(body).toEqual({ error: "access_denied", error_description: "Unauthorized" });
  });

  it.each([
    ["another grant", { ...client, grant_type: "refresh_token" }, "unsupported_grant_type"],
    ["no grant", { ...client, grant_type: undefined }, "invalid_request"],
    ["no secret", { ...client, client_secret: undefined }, "invalid_request"],
    ["no object", [], "invalid_request"],
  ])("refuses %s with 400", async (_, fields, error) => {
    const { status, body } = await ask(await openSandbox(), fields);
    expect([status, fieldOf(body, "error")]).toEqual([400, error]);
  });

  it("refuses a body that is neither JSON nor a form with 400", async () => {
    const { raw } = await openSandbox();
    expect((await raw("/oauth/token", { method: "POST", body: "grant_type=client_credentials" })).status).toBe(400);
  });

  it("stands in the journal and obeys faults like any other call", async () => {
    const open = await openSandbox();
    await open.post("/__sandbox/faults", [{ match: "POST /oauth/token", status: 503 }]);
    expect((await ask(open, client)).status).toBe(503);
    expect((await ask(open, client)).status).toBe(200);
    expect(open.sandbox.journal().map(({ method, path, status }) => [method, path, status])).toEqual([
      ["POST", "/oauth/token", 503],
      ["POST", "/oauth/token", 200],
    ]);
  });
});

describe("access tokens", () => {
  it("expire to the millisecond, and then answer like a token that never was, not like a missing scope", async () => {
    const clock = new MovableClock();
    const open = await openSandbox({ clock, tokenLifetimeSeconds: 60 });
    const token = await tokenOf(open);
    clock.advance(59_999);
    expect(await statusOf(open, token)).toBe(200);
    clock.advance(1);
    const expired = await open.raw(spaces, { headers: { authorization: `Bearer ${token}` } });
    const unknown = await open.raw(spaces, { headers: { authorization: "Bearer never-given-out" } });
    expect(expired.status).toBe(401);
    expect(expired.body).toEqual({ code: 401, message: "Unauthorized" });
    expect(unknown.body).toEqual(expired.body);
    expect(await statusOf(open, await tokenOf(open))).toBe(200);
  });

  it("live side by side: a new one ends none", async () => {
    const open = await openSandbox();
    const [first, second] = [await tokenOf(open), await tokenOf(open)];
    expect(first).not.toBe(second);
    expect([await statusOf(open, first), await statusOf(open, second)]).toEqual([200, 200]);
  });

  it("end all at once by the control route, which tells how many are valid and never a secret", async () => {
    const open = await openSandbox();
    const tokens = [await tokenOf(open), await tokenOf(open)];
    const before = await open.raw("/__sandbox/credentials");
    expect(before.body).toMatchObject({ clientId: "sandbox-client", tokenLifetimeSeconds: 3600, validTokens: 2 });
    const after = await open.post("/__sandbox/credentials", { expireTokens: true });
    expect(after.body).toMatchObject({ validTokens: 0 });
    for (const token of tokens) expect(await statusOf(open, token)).toBe(401);
    for (const secret of [...tokens, "sandbox-client-secret", "sandbox-scim-key"]) {
      expect(before.text + after.text).not.toContain(secret);
    }
  });

  it("outlive a change of the secret, after which only the new one gives any", async () => {
    const open = await openSandbox();
    const token = await tokenOf(open);
    await open.post("/__sandbox/credentials", { clientSecret: "rotated", tokenLifetimeSeconds: 5 });
    expect(await statusOf(open, token)).toBe(200);
    expect((await ask(open, client)).status).toBe(401);
    const renewed = await ask(open, { ...client, client_secret: "rotated" });
    expect(renewed.body).toMatchObject({ expires_in: 5 });
    await open.raw("/__sandbox/reset", { method: "POST" });
    expect((await ask(open, client)).status).toBe(200);
    expect(await statusOf(open, token)).toBe(401);
  });

  it("carry the scopes of the moment they were issued", async () => {
    const open = await openSandbox({ scopes: { oauth: ["read:space:confluence"] } });
    const token = await tokenOf(open);
    await open.post("/__sandbox/credentials", { scopes: { oauth: ["read:user:confluence"] } });
    expect(await statusOf(open, token)).toBe(200);
    const answer = await ask(open, client);
    expect(fieldOf(answer.body, "scope")).toBe("read:user:confluence");
    expect(await statusOf(open, String(fieldOf(answer.body, "access_token")))).toBe(401);
  });

  it("are changed by no malformed order: every fault is named, and nothing is taken", async () => {
    const open = await openSandbox();
    const { status, body } = await open.post("/__sandbox/credentials", {
      clientSecret: "",
      expireTokens: "yes",
      scopes: { nobody: [] },
      tokenLifetimeSeconds: 0,
      secret: "x",
      apiToken: "new",
    });
    expect(status).toBe(400);
    expect(fieldOf(body, "faults")).toEqual([
      expect.stringMatching(/^clientSecret:/),
      expect.stringMatching(/^expireTokens:/),
      expect.stringMatching(/^scopes:/),
      expect.stringMatching(/^tokenLifetimeSeconds:/),
      expect.stringMatching(/^secret: unknown/),
    ]);
    expect((await open.get("/wiki/api/v2/spaces")).status).toBe(200);
  });
});
