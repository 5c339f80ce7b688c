import { describe, expect, it } from "vitest";
import { classifyDataCenterError } from "../../../../src/confluence/datacenter/errors.js";
import { DataCenterFeatures, isVersionBefore } from "../../../../src/confluence/datacenter/features.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { openTransport } from "../../http/openTransport.js";
import { startUpstream } from "../../http/startUpstream.js";
import { errorOf } from "./openSite.js";

describe("a version", () => {
  it.each([
    ["8.3.0", "8.4", true],
    ["8.4.0", "8.4", false],
    ["8.10.1", "8.4", false],
    ["9.2.0", "9.3", true],
    ["10.2.0-m03", "10.2", false],
    ["10.0.3", "9.3", false],
    ["9", "9.1", true],
    ["unheard of", "8.4", false],
  ])("%s is before %s: %s", (version, since, expected) => {
    expect(isVersionBefore(version, since)).toBe(expected);
  });
});

async function openFeatures(answer: () => { readonly status: number; readonly body: unknown }) {
  const upstream = await startUpstream((_, response) => {
    const { status, body } = answer();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const { transport, clock } = openTransport(upstream.url, { classifyError: classifyDataCenterError });
  return { features: new DataCenterFeatures(transport, clock), clock, upstream };
}

const version = (text: string) => () => ({ status: 200, body: { version: text } });
const missing = () =>
  Promise.reject(new SiteError("Unsupported", "GET /x answered 404.", { call: "GET /x", status: 404 }));

describe("what a site offers", () => {
  it("is hinted at by its version, which is asked once in ten minutes", async () => {
    let text = "8.6.0";
    const { features, clock, upstream } = await openFeatures(() => ({ status: 200, body: { version: text } }));
    expect(await features.reasonAgainst("spacePermissions")).toBe(
      "Space permissions by REST needs Confluence Data Center 9.1; this site is 8.6.0.",
    );
    expect(await features.reasonAgainst("userList")).toBeNull();
    text = "9.2.0";
    await clock.advance(599_999);
    expect(await features.reasonAgainst("spacePermissions")).not.toBeNull();
    expect(upstream.received).toHaveLength(1);
    await clock.advance(1);
    expect(await features.reasonAgainst("spacePermissions")).toBeNull();
    expect(upstream.received).toHaveLength(2);
  });

  it("is not said to need a version that the site has, where it does not answer all the same", async () => {
    const { features } = await openFeatures(version("8.6.1"));
    await errorOf(features.whereOffered("userList", missing));
    expect(await features.reasonAgainst("userList")).toMatch(
      /^The list of all users is there since Confluence Data Center 8\.4, and does not answer on this site, which is 8\.6\.1/,
    );
  });

  it("is not ruled out by a version that is not told", async () => {
    const { features } = await openFeatures(() => ({ status: 401, body: {} }));
    expect(await features.version()).toBeNull();
    expect(await features.reasonAgainst("activeUserFacts")).toBeNull();
  });

  it("is asked for its version once by many at a time", async () => {
    const { features, upstream } = await openFeatures(version("9.2.0"));
    await Promise.all([features.version(), features.version(), features.reasonAgainst("userList")]);
    expect(upstream.received).toHaveLength(1);
  });

  it("is decided by what answers: a version that says otherwise keeps no call from being made", async () => {
    const { features } = await openFeatures(version("8.3.0"));
    expect(await features.whereOffered("spacePermissions", async () => "rows")).toBe("rows");
  });

  it("is not asked for once it has answered, until its route is missing", async () => {
    const { features, upstream } = await openFeatures(version("8.3.0"));
    await features.whereOffered("spacePermissions", async () => "rows");
    expect(await features.reasonAgainst("spacePermissions")).toBeNull();
    expect(upstream.received).toEqual([]);
    await errorOf(features.whereOffered("spacePermissions", missing));
    expect(await features.reasonAgainst("spacePermissions")).not.toBeNull();
  });

  it("is remembered as missing for ten minutes, feature by feature", async () => {
    const { features, clock } = await openFeatures(version("9.2.0"));
    const error = await errorOf(features.whereOffered("spacePermissions", missing));
    expect(error).toMatchObject({ kind: "Unsupported", status: 404, call: "GET /x" });
    expect(error.message).toContain(
      "is there since Confluence Data Center 9.1, and does not answer on this site, which is 9.2.0",
    );
    await clock.advance(599_999);
    await errorOf(features.whereOffered("spacePermissions", () => Promise.reject(new Error("was asked again"))));
    expect(await features.reasonAgainst("spacePermissions")).not.toBeNull();
    expect(await features.whereOffered("userList", async () => "others")).toBe("others");
    await clock.advance(1);
    expect(await features.whereOffered("spacePermissions", async () => "rows")).toBe("rows");
    expect(await features.reasonAgainst("spacePermissions")).toBeNull();
  });

  it.each([
    ["10.2.0", 405, "RequestRejected"],
    ["10.2.0", 501, "UpstreamFailed"],
  ] as const)(
    "is there on %s, which has it, whatever a %i says: that is a failure of its own",
    async (text, status, kind) => {
      const { features } = await openFeatures(version(text));
      const refused = new SiteError("Unsupported", "GET /x answered.", { call: "GET /x", status });
      const error = await errorOf(features.whereOffered("spacePermissions", () => Promise.reject(refused)));
      expect(error).toMatchObject({ kind, status, call: "GET /x", message: "GET /x answered." });
      expect(await features.reasonAgainst("spacePermissions")).toBeNull();
      expect(await features.whereOffered("spacePermissions", async () => "rows")).toBe("rows");
    },
  );

  it("is there for ten minutes after it has answered, whatever a 405 says, and the site's version", async () => {
    const { features, clock } = await openFeatures(version("8.6.0"));
    const refuse = () => Promise.reject(new SiteError("Unsupported", "x", { call: "x", status: 405 }));
    for (const feature of ["spacePermissions", "remoteApi"] as const) {
      await features.whereOffered(feature, async () => "rows");
      expect((await errorOf(features.whereOffered(feature, refuse))).kind).toBe("RequestRejected");
      expect(await features.whereOffered(feature, async () => "rows")).toBe("rows");
    }
    await clock.advance(600_000);
    for (const feature of ["spacePermissions", "remoteApi"] as const) {
      expect((await errorOf(features.whereOffered(feature, refuse))).kind).toBe("Unsupported");
      expect(await features.reasonAgainst(feature)).not.toBeNull();
    }
  });

  it.each([
    ["a version that lacks it", { status: 200, body: { version: "9.0.2" } }],
    ["a version that is not told", { status: 401, body: {} }],
    ["a version that nobody can read", { status: 200, body: { version: "unheard of" } }],
  ])("is missing after a 405 on %s", async (_, answer) => {
    const { features } = await openFeatures(() => answer);
    const refused = new SiteError("Unsupported", "x", { call: "x", status: 405 });
    expect((await errorOf(features.whereOffered("spacePermissions", () => Promise.reject(refused)))).kind).toBe(
      "Unsupported",
    );
    expect(await features.reasonAgainst("spacePermissions")).not.toBeNull();
  });

  it("is no way to write space permissions where it is none to read them, and not the other way round", async () => {
    const { features } = await openFeatures(() => ({ status: 401, body: {} }));
    await errorOf(features.whereOffered("spacePermissionWrites", missing));
    expect(await features.whereOffered("spacePermissions", async () => "rows")).toBe("rows");
    const { features: others } = await openFeatures(() => ({ status: 401, body: {} }));
    await errorOf(others.whereOffered("spacePermissions", missing));
    await errorOf(others.whereOffered("spacePermissionWrites", () => Promise.reject(new Error("was asked"))));
    expect(await others.reasonAgainst("spacePermissionWrites")).not.toBeNull();
  });

  it("does not ask for a version that says nothing about it", async () => {
    const { features, upstream } = await openFeatures(version("10.2.0"));
    await errorOf(features.whereOffered("groupParents", missing));
    expect(upstream.received).toEqual([]);
  });

  it.each([
    ["a failure", new SiteError("UpstreamFailed", "x", { call: "x", status: 500 })],
    ["an answer that was lost", new SiteError("Unsupported", "x", { call: "x", status: 501, isAnswerLost: true })],
    ["a refusal", new SiteError("AccessRefused", "x", { call: "x", status: 401 })],
    ["a missing object", new SiteError("NotVisible", "x", { call: "x", status: 404 })],
  ])("is not taken for missing after %s", async (_, failure) => {
    const { features } = await openFeatures(version("10.2.0"));
    expect(await errorOf(features.whereOffered("spacePermissions", () => Promise.reject(failure)))).toBe(failure);
    expect(await features.whereOffered("spacePermissions", async () => "rows")).toBe("rows");
  });

  it("is asked again after a 401, which may be the account's", async () => {
    const { features } = await openFeatures(version("10.2.0"));
    const refused = new SiteError("Unsupported", "x", { call: "x", status: 401 });
    await errorOf(features.whereOffered("remoteApi", () => Promise.reject(refused)));
    expect(await features.whereOffered("remoteApi", async () => "sets")).toBe("sets");
  });
});
