import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { dcGroups, granted, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { certificates } from "../unit/config/certificates.js";
import { privateAuthority } from "./privateAuthority.js";
import { readWholeList } from "./readWholeList.js";
import { startPatientStack } from "./startPatientStack.js";
import { startProxy } from "./startProxy.js";

const world = smallDataCenterWorld();

describe("a credential that is refused at the start", () => {
  const unknown = { CONFLUENCE_PERSONAL_ACCESS_TOKEN: "no-such-token" };
  const withoutAnonymous = smallDataCenterWorld("10.2.0", {
    globalPermissions: granted({ type: "group", name: dcGroups.users }, "use/application"),
  });
  const password = {
    CONFLUENCE_CREDENTIAL: "password",
    CONFLUENCE_USERNAME: "admin",
    CONFLUENCE_PASSWORD: "sandbox-password",
  };
  const cases = [
    [
      "a wrong token where anonymous may use the site",
      { world, env: unknown },
      /treats us as anonymous.*personal access token/,
    ],
    [
      "a wrong token where nobody else may",
      { world: withoutAnonymous, env: unknown },
      /401.*wrong, expired or revoked/,
    ],
    [
      "a wrong password",
      { world, env: { ...password, CONFLUENCE_PASSWORD: "not-the-password" } },
      /401.*wrong, expired or revoked/,
    ],
    [
      "a password where passwords are switched off",
      { world, env: password, sandbox: { dataCenter: { basicDisabled: true } } },
      /Basic Authentication has been disabled.*use a personal access token/,
    ],
  ] as const;

  it.each(cases)("%s: /health/ready says why, and lists are errors", async (_, options, reason) => {
    await using stack = await startDataCenterStack(options);
    await expect
      .poll(stack.readiness)
      .toMatchObject({ status: "not ready", sites: [{ isReady: false, reason: expect.stringMatching(reason) }] });
    const { data, errors } = await stack.query("{ spaces { nodes { key } } }");
    expect(data.spaces.nodes).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_AUTH" } }]);
  });

  it("is accepted as a user name and a password where these are on", async () => {
    await using stack = await startDataCenterStack({ world, env: password });
    await expect.poll(stack.readiness).toMatchObject({ status: "ready" });
    expect((await stack.query("{ spaces { totalCount } }")).data).toEqual({ spaces: { totalCount: 3 } });
  });
});

describe("the context path", () => {
  it.each(["", "/confluence", "/tools/wiki"])(
    "%j stands before every call, also after the first page",
    async (contextPath) => {
      const rewrite = (target: string) => target.replace(/\blimit=\d+/, "limit=4");
      const named = smallDataCenterWorld("10.2.0", { contextPath });
      await using stack = await startDataCenterStack({
        world: named,
        through: (url) => startProxy(() => url, { rewrite }),
      });
      const accounts = await readWholeList(stack, "accounts", { selection: "accountId email", first: 100 });
      expect(accounts).toHaveLength(13);
      const paths = stack.calls().map((call) => call.split(" ")[1] ?? "");
      expect(paths.length).toBeGreaterThan(4);
      expect(paths.filter((path) => !path.startsWith(`${contextPath}/rest/`))).toEqual([]);
      const { data } = await stack.query('{ sites { url } space(key: "ENG") { homepageUrl } }');
      expect(data.space.homepageUrl).toBe(`${data.sites[0].url}/display/ENG`);
    },
  );
});

describe("a site behind a private authority", () => {
  const through = (url: string) => startProxy(() => url, { tls: privateAuthority.server });
  const noTrust = /no trusted TLS connection.*CONFLUENCE_CA_FILE/;

  async function startTrusting(pem: string | null) {
    if (pem === null) return startPatientStack({ world, through });
    const folder = await mkdtemp(join(tmpdir(), "authority-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "authority.pem");
    await writeFile(path, pem);
    return startPatientStack({ world, through, env: { CONFLUENCE_CA_FILE: path } });
  }

  it("works with that authority in CONFLUENCE_CA_FILE, among others", async () => {
    await using stack = await startTrusting(`${certificates[0]}\n${privateAuthority.certificate}\n`);
    await expect.poll(stack.readiness).toMatchObject({ status: "ready" });
    const { data } = await stack.query("{ sites { url } accounts { totalCount } }");
    expect(data).toEqual({
      sites: [{ url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/confluence$/) }],
      accounts: { totalCount: 13 },
    });
  });

  it.each([
    ["no authority", null],
    ["another authority", certificates[0]],
  ])("is not trusted with %s, and the error says what to do", async (_, pem) => {
    await using stack = await startTrusting(pem);
    await expect.poll(stack.readiness).toMatchObject({
      status: "not ready",
      sites: [{ reason: expect.stringMatching(noTrust) }],
    });
    const { data, errors } = await stack.query("{ spaces { nodes { key } } }");
    expect(data.spaces.nodes).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(noTrust), extensions: { code: "UPSTREAM_UNREACHABLE" } },
    ]);
    expect(stack.calls()).toEqual([]);
  });
});
