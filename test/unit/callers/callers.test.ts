import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import { boundless } from "../../../src/callers/Caller.js";
import { Callers } from "../../../src/callers/Callers.js";
import type { JwtConfig } from "../../../src/config/callers/CallersConfig.js";
import { callersFromText } from "../../../src/config/callers/callersFromFile.js";
import { readConfig } from "../../../src/config/readConfig.js";
import type { AccountId, SiteId } from "../../../src/domain/ids.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { ManualClock } from "../../support/ManualClock.js";

const acme = "acme" as SiteId;
const other = "other" as SiteId;
const digest = (token: string) => `sha256:${createHash("sha256").update(token).digest("hex")}`;

function fileOf(...callers: readonly object[]): string {
  return JSON.stringify({ callers });
}

function openFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "callers-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "callers.yaml");
  writeFileSync(path, text);
  const lines: string[] = [];
  const logger = createLogger({ level: "debug", destination: { write: (line) => lines.push(line) } });
  const clock = new ManualClock();
  const config = readConfig({ CALLERS_FILE: path }).callers;
  const callers = new Callers({ config, token: null, clock, logger });
  onTestFinished(() => callers.close());
  return { path, callers, lines, clock };
}

describe("the callers' file", () => {
  const token = randomBytes(32).toString("base64url");
  const gateway = { name: "gateway", token: digest(token), scopes: ["read", "grant@acme"] };

  it("tells callers by their tokens, with the scopes of each and where they are held", async () => {
    const { callers } = openFile(fileOf(gateway));
    expect(callers.isOpen).toBe(false);
    const identified = await callers.identify(`Bearer ${token}`);
    if (identified.kind !== "known") throw new Error(identified.kind);
    const { caller } = identified;
    expect(caller.name).toBe("gateway");
    expect([caller.may("read", other), caller.may("grant", acme), caller.may("grant", other)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([caller.may("read:personal", acme), caller.mayAnywhere("audit"), caller.holdsEverything]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await callers.identify(`Bearer ${token}x`)).toEqual({ kind: "refused" });
    expect(await callers.identify(`Bearer ${digest(token)}`)).toEqual({ kind: "refused" });
    expect(await callers.identify(undefined)).toEqual({ kind: "missing" });
  });

  it("is read again without a restart: tokens are exchanged, and no token stands in the log", async () => {
    const { callers, path, lines } = openFile(fileOf(gateway));
    const next = randomBytes(32).toString("base64url");
    writeFileSync(path, fileOf({ ...gateway, token: digest(next) }));
    await callers.reload();
    expect(await callers.identify(`Bearer ${token}`)).toEqual({ kind: "refused" });
    expect(await callers.identify(`Bearer ${next}`)).toMatchObject({ kind: "known", caller: { name: "gateway" } });
    expect(lines.join("")).not.toContain(next);
    expect(lines.filter((line) => line.includes("the callers' file was read"))).toHaveLength(1);
  });

  it("is looked at by itself every few seconds", async () => {
    const { callers, path, clock } = openFile(fileOf(gateway));
    callers.watch();
    writeFileSync(path, fileOf());
    await expect
      .poll(async () => {
        clock.advance(5_000);
        return (await callers.identify(`Bearer ${token}`)).kind;
      })
      .toBe("refused");
  });

  it.each([
    ["is cut short", '{"callers": [{"name": "gate'],
    ["names a scope that does not exist", fileOf({ ...gateway, scopes: ["write"] })],
    ["has a token in it where a digest belongs", fileOf({ ...gateway, token })],
    ["gives two callers one name", fileOf(gateway, { ...gateway, name: "Gateway", token: digest("x") })],
    ["gives two callers one token", fileOf(gateway, { ...gateway, name: "second" })],
    ["takes the name of the short form", fileOf({ ...gateway, name: "token" })],
    ["has a key that means nothing", fileOf({ ...gateway, scope: ["read"] })],
  ])("that %s keeps the callers that there were, says so once, and refuses a start", async (_case, text) => {
    const { callers, path, lines } = openFile(fileOf(gateway));
    writeFileSync(path, text);
    await callers.reload();
    await callers.reload();
    expect(await callers.identify(`Bearer ${token}`)).toMatchObject({ kind: "known" });
    const told = lines.filter((line) => line.includes("callers stay as they were"));
    expect(told).toHaveLength(1);
    expect(told.join("")).not.toContain(token);
    expect(() => readConfig({ CALLERS_FILE: path })).toThrow(/CALLERS_FILE/);
  });

  it("that is gone keeps the callers that there were, and takes the next one that is whole", async () => {
    const { callers, path, lines } = openFile(fileOf(gateway));
    rmSync(path);
    await callers.reload();
    expect(await callers.identify(`Bearer ${token}`)).toMatchObject({ kind: "known" });
    expect(lines.join("")).toContain("cannot be read (ENOENT)");
    writeFileSync(path, fileOf());
    await callers.reload();
    expect(await callers.identify(`Bearer ${token}`)).toEqual({ kind: "refused" });
  });

  it("keeps callers to listed operations as their entries say, and needs a list for that", async () => {
    const kept = fileOf({ ...gateway, operations: "listed" });
    const problems: string[] = [];
    const read = (text: string, areOperationsListed: boolean) =>
      callersFromText(text, (where, problem) => problems.push(`${where} ${problem}`), {
        siteIds: null,
        areOperationsListed,
      });
    expect(read(kept, true)?.map(({ operations }) => operations)).toEqual(["listed"]);
    expect(read(kept, false)).toBeNull();
    expect(read(fileOf({ ...gateway, operations: "some" }), true)).toBeNull();
    expect(problems).toEqual([
      "callers[0].operations says listed, and OPERATIONS_FILE names no list",
      "callers[0].operations must be any or listed",
    ]);
    const { callers } = openFile(fileOf({ ...gateway, operations: "any" }));
    expect(await callers.identify(`Bearer ${token}`)).toMatchObject({ caller: { asksListedOnly: false } });
  });

  it("may name only sites that are configured", () => {
    const problems: string[] = [];
    const text = fileOf({ ...gateway, scopes: ["read@acmee"] });
    const known = { siteIds: ["acme"], areOperationsListed: false };
    expect(callersFromText(text, (where, problem) => problems.push(`${where} ${problem}`), known)).toBeNull();
    expect(problems).toEqual(["callers[0].scopes[0] names a site that is not configured; these are: acme"]);
    problems.length = 0;
    const own = fileOf({ ...gateway, accounts: ["acme/5b10", "acmee/5b10", "5b10"] });
    expect(
      callersFromText(own, (where, problem) => problems.push(`${where} ${problem}`), {
        siteIds: ["acme"],
        areOperationsListed: false,
      }),
    ).toBeNull();
    expect(problems).toEqual(["callers[0].accounts[1] names a site that is not configured; these are: acme"]);
  });
});

const issuer = "https://login.example.com/";
const audience = "access-graph";

interface Signing {
  readonly kid: string;
  readonly key: CryptoKey;
  readonly jwk: Record<string, unknown>;
}

async function makeKey(kid: string): Promise<Signing> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" } };
}

/** An issuer whose published keys can be exchanged, and that can fail. */
async function startIssuer(first: Signing) {
  const state = { keys: [first.jwk], status: 200, calls: 0, hangs: false, givenUp: 0, says: null as string | null };
  const server = createServer((request, response) => {
    if (request.url === "/up") return void response.end();
    state.calls += 1;
    if (state.hangs) {
      response.once("close", () => {
        state.givenUp += 1;
      });
      return;
    }
    response.writeHead(state.status, { "content-type": "application/json", location: "/keys" });
    response.end(state.says ?? JSON.stringify({ keys: state.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = new ManualClock();
  const jwt: JwtConfig = {
    ...{ issuer, audience, skewMs: 30_000 },
    jwksUrl: `${url}/keys`,
    claims: { name: "sub", scopes: "scope", accounts: "accounts" },
  };
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const callers = new Callers({
    config: { file: null, jwt, limits: boundless, operations: "any" },
    token: null,
    clock,
    logger,
  });
  onTestFinished(() => callers.close());
  const seconds = () => Math.floor(clock.now() / 1000);
  const sign = (
    by: Omit<Signing, "kid"> & { readonly kid?: string | undefined },
    claims: Record<string, unknown> = {},
  ) =>
    new SignJWT({
      ...{ iss: issuer, aud: audience, sub: "robot", scope: "openid read grant@acme", accounts: ["acme/5b10"] },
      ...{ exp: seconds() + 60, ...claims },
    })
      .setProtectedHeader({ alg: "ES256", ...(by.kid === undefined ? {} : { kid: by.kid }) })
      .sign(by.key);
  const ask = async (token: string) => callers.identify(`Bearer ${token}`);
  return { state, url, clock, sign, ask, seconds };
}

describe("JSON Web Tokens", () => {
  it("name the caller, its scopes and its accounts; words that are no scope of ours give nothing", async () => {
    const key = await makeKey("one");
    const { sign, ask } = await startIssuer(key);
    const identified = await ask(await sign(key));
    if (identified.kind !== "known") throw new Error(identified.kind);
    const { caller } = identified;
    expect(caller.name).toBe("jwt:robot");
    expect([caller.may("read", other), caller.may("grant", other), caller.may("grant", acme)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(caller.mayAnywhere("audit")).toBe(false);
    expect(caller.accountsOn(acme)).toEqual(["5b10"]);
    expect(caller.accountsOn(other)).toEqual([]);
    const asked = ["5B10", "5b10", "5b1"].map((id) => caller.owns(acme, id as AccountId));
    expect([...asked, caller.owns(other, "5b10" as AccountId)]).toEqual([true, true, false, false]);
  });

  it("are refused where issuer, audience, time, signature or name are not right", async () => {
    const key = await makeKey("one");
    const { sign, ask, seconds } = await startIssuer(key);
    const stranger = { ...(await makeKey("one")), kid: "one" };
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const good = await sign(key);
    const cases: Record<string, string> = {
      "another issuer": await sign(key, { iss: "https://login.example.com" }),
      "another audience": await sign(key, { aud: "somebody-else" }),
      "no audience": await sign(key, { aud: undefined }),
      "no end": await sign(key, { exp: undefined }),
      "its time is over": await sign(key, { exp: seconds() - 31 }),
      "its time has not come": await sign(key, { nbf: seconds() + 31 }),
      "another's signature": await sign(stranger),
      "no name": await sign(key, { sub: undefined }),
      "a name of two lines": await sign(key, { sub: "a\nb" }),
      "accounts of another shape": await sign(key, { accounts: [{ id: "5b10" }] }),
      "no signature": `${none}.${good.split(".")[1]}.x`,
      "a signature cut off": good.slice(0, -4),
    };
    for (const [why, token] of Object.entries(cases))
      expect([why, await ask(token)]).toEqual([why, { kind: "refused" }]);
    for (const within of [{ exp: seconds() - 29 }, { nbf: seconds() + 29 }]) {
      expect(await ask(await sign(key, within))).toMatchObject({ kind: "known" });
    }
  });

  it("are meant for us where we are one of several audiences", async () => {
    const key = await makeKey("one");
    const { sign, ask } = await startIssuer(key);
    expect(await ask(await sign(key, { aud: ["somebody-else", audience] }))).toMatchObject({ kind: "known" });
    expect(await ask(await sign(key, { aud: ["somebody-else"] }))).toEqual({ kind: "refused" });
  });

  it("are signed by a key that the issuer publishes: neither with its public half as a secret, nor by one that they bring along", async () => {
    const key = await makeKey("one");
    const { sign, ask, seconds, state } = await startIssuer(key);
    const claims = { iss: issuer, aud: audience, sub: "robot", scope: "read", exp: seconds() + 60 };
    const stranger = await makeKey("one");
    const pem = new TextEncoder().encode(await exportSPKI((await importJWK(key.jwk as JWK, "ES256")) as CryptoKey));
    const jwk = new TextEncoder().encode(JSON.stringify(key.jwk));
    const asSecret = (secret: Uint8Array) =>
      new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "one" }).sign(secret);
    const bringing = (header: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ alg: "ES256", ...header }).sign(stranger.key);
    const cases: Record<string, string> = {
      "the public key as a secret": await asSecret(pem),
      "the published key as a secret": await asSecret(jwk),
      "a key in its head": await bringing({ kid: "one", jwk: stranger.jwk }),
      "an address of keys in its head": await bringing({ kid: "other", jku: "http://127.0.0.1:1/keys" }),
      "no name of a key": await bringing({}),
    };
    for (const [why, token] of Object.entries(cases))
      expect([why, await ask(token)]).toEqual([why, { kind: "refused" }]);
    expect(state.calls).toBe(1);
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
  });

  it("of a key published since are taken at once, and those of a key withdrawn no longer after ten minutes", async () => {
    const [old, next] = [await makeKey("old"), await makeKey("next")];
    const { state, clock, sign, ask } = await startIssuer(old);
    expect(await ask(await sign(old))).toMatchObject({ kind: "known" });
    state.keys = [old.jwk, next.jwk];
    clock.advance(6_000);
    expect(await ask(await sign(next))).toMatchObject({ kind: "known" });
    expect(state.calls).toBe(2);
    state.keys = [next.jwk];
    clock.advance(10 * 60_000 + 1);
    expect(await ask(await sign(old))).toEqual({ kind: "refused" });
    expect(await ask(await sign(next))).toMatchObject({ kind: "known" });
    expect(state.calls).toBe(3);
  });

  it.each([
    ["name no key", undefined],
    ["name a key that two are called by", "one"],
  ])("that %s are tried with each that may be meant", async (_case, kid) => {
    const [first, second, stranger] = [await makeKey("one"), await makeKey("two"), await makeKey("three")];
    const { state, sign, ask } = await startIssuer(first);
    state.keys = [first.jwk, { ...second.jwk, kid: kid ?? "two" }];
    for (const by of [first, second]) {
      expect(await ask(await sign({ ...by, kid }))).toMatchObject({ kind: "known" });
      expect(await ask(await sign({ ...by, kid }, { aud: "somebody else" }))).toEqual({ kind: "refused" });
      expect(await ask(await sign({ ...by, kid }, { exp: 1 }))).toEqual({ kind: "refused" });
    }
    expect(await ask(await sign({ ...stranger, kid }))).toEqual({ kind: "refused" });
    expect(state.calls).toBe(1);
  });

  it("that name no key are tried with few of very many", async () => {
    const key = await makeKey("one");
    const { state, sign, ask } = await startIssuer(key);
    const others = await Promise.all(Array.from({ length: 16 }, (_, index) => makeKey(`other-${index}`)));
    const jwks = others.map(({ jwk }) => jwk);
    state.keys = [...jwks, key.jwk];
    expect(await ask(await sign({ ...key, kid: undefined }))).toEqual({ kind: "refused" });
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
  });

  it("of keys that nobody published do not make the issuer be asked over and over", async () => {
    const key = await makeKey("one");
    const { state, clock, sign, ask } = await startIssuer(key);
    const invented = await makeKey("invented");
    for (let round = 0; round < 5; round += 1) expect(await ask(await sign(invented))).toEqual({ kind: "refused" });
    expect(state.calls).toBe(1);
    // However many come, and whatever keys they name: once in five seconds, and never for those of a known key.
    for (let second = 1; second <= 20; second += 1) {
      clock.advance(1_000);
      const tokens = [invented, { ...invented, kid: `invented-${second}` }, key].map((by) => sign(by));
      const answers = await Promise.all((await Promise.all(tokens)).map(ask));
      expect(answers.map(({ kind }) => kind)).toEqual(["refused", "refused", "known"]);
    }
    expect(state.calls).toBe(1 + 4);
  });

  it.each([
    ["no JSON", "keys"],
    ["no set of keys", '{"keys":{}}'],
    ["more than keys take", `{"keys":[],"more":"${"x".repeat(600_000)}"}`],
    ["another address", null],
  ])("go by the keys at hand where the issuer answers %s, and by none where there are none", async (_case, says) => {
    const key = await makeKey("one");
    const { state, clock, sign, ask } = await startIssuer(key);
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
    const bad = { says, status: says === null ? 302 : 200 };
    Object.assign(state, bad);
    clock.advance(11 * 60_000);
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
    expect(state.calls).toBe(2);
    const anew = await startIssuer(key);
    Object.assign(anew.state, bad);
    expect(await anew.ask(await anew.sign(key))).toEqual({ kind: "unavailable" });
    expect(anew.state.calls).toBe(1);
  });

  it("are taken for an hour by the keys at hand where the issuer fails, and then nobody can say", async () => {
    const key = await makeKey("one");
    const { state, clock, sign, ask } = await startIssuer(key);
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
    state.status = 500;
    clock.advance(59 * 60_000);
    expect(await ask(await sign(key))).toMatchObject({ kind: "known" });
    clock.advance(2 * 60_000);
    expect(await ask(await sign(key))).toEqual({ kind: "unavailable" });
  });

  it("wait for no issuer that hangs, once it has failed", async () => {
    const old = await makeKey("old");
    const { state, url, clock, sign, ask } = await startIssuer(old);
    expect(await ask(await sign(old))).toMatchObject({ kind: "known" });
    state.status = 500;
    clock.advance(11 * 60_000);
    expect(await ask(await sign(old))).toMatchObject({ kind: "known" });
    state.hangs = true;
    clock.advance(6_000);
    expect(await ask(await sign(old))).toMatchObject({ kind: "known" });
    await expect.poll(() => state.calls).toBe(3);
    // The call hangs still: nothing had to give it up before there was an answer.
    await fetch(`${url}/up`);
    expect(state.givenUp).toBe(0);
  });

  it("are not taken while no keys were ever read", async () => {
    const key = await makeKey("one");
    const { state, sign, ask } = await startIssuer(key);
    state.status = 503;
    expect(await ask(await sign(key))).toEqual({ kind: "unavailable" });
  });
});
