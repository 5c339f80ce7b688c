import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/server/graphiql/exampleQueries.js";
import { emptyFields } from "./emptyFields.js";
import { ensureBuilt } from "./ensureBuilt.js";
import { type Program, startProgram } from "./startProgram.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

describe("the example queries", () => {
  let embedded: ServerProgram;
  let sandbox: Program;
  let separate: ServerProgram;
  let sandboxUrl = "";
  beforeAll(async () => {
    await ensureBuilt();
    [embedded, sandbox] = await Promise.all([
      startServerProgram(),
      startProgram("cli/sandbox.js", { args: ["--port", "0"], isUp: /__sandbox\/world/ }),
    ]);
    sandboxUrl = /http:\/\/\S+/.exec(sandbox.out())?.[0] ?? "";
    separate = await startServerProgram({
      CONFLUENCE_URL: sandboxUrl,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_EMAIL: "admin@sandbox.test",
      CONFLUENCE_API_TOKEN: "sandbox-token",
      // The embedded sandbox is served with its organization, so that every field shows something.
      ATLASSIAN_API_URL: sandboxUrl,
      ATLASSIAN_ORG_ID: "sandbox-organization",
      ATLASSIAN_ORG_API_KEY: "sandbox-organization-key",
      ATLASSIAN_SCIM_DIRECTORY_ID: "sandbox-directory",
      ATLASSIAN_SCIM_KEY: "sandbox-scim-key",
    });
  });
  afterAll(() => Promise.all([embedded, separate, sandbox].map((program) => program?.dispose())));

  it.each(exampleQueries)("$title: shows a value in every field it asks for", async ({ query }) => {
    const { data, errors } = await embedded.query(query);
    expect(errors).toBeUndefined();
    // A whole answer has no gaps to show; the one example with a gap by nature has them.
    expect(emptyFields(query, data).filter((path) => !/\.gaps(\.|$)/.test(path))).toEqual([]);
  });

  it.each(exampleQueries)(
    "$title: gets the same data from a separate sandbox, the way a real site is read",
    async ({ query }) => {
      const [one, other] = await Promise.all([embedded.query(query), separate.query(query)]);
      expect(other.errors).toBeUndefined();
      expect(withoutSite(other.data)).toEqual(withoutSite(one.data));
    },
  );

  it("are answered from the separate sandbox, and not from an embedded one", async () => {
    expect(separate.out()).not.toContain("embedded sandbox");
    const journal = (await (await fetch(`${sandboxUrl}/__sandbox/journal`)).json()) as { path: string }[];
    expect(journal.some(({ path }) => path.startsWith("/wiki/api/v2/spaces?"))).toBe(true);
    const { data } = await separate.query("{ site { url permissionModel } }");
    expect(data.site).toEqual({ url: sandboxUrl, permissionModel: "ROLES_TRANSITION" });
  });
});

/** The two differ in what their site is called and where it is, and so in cursors, which hold the site's id. */
function withoutSite(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => {
    if (key === "sites" && Array.isArray(value))
      return value.map((site) => ({ ...site, siteId: "", name: "", url: "" }));
    return key === "endCursor" ? typeof value : value;
  });
}
