import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { ensureBuilt } from "./ensureBuilt.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

describe("the built server with nothing configured", () => {
  let server: ServerProgram;
  beforeAll(async () => {
    await ensureBuilt();
    server = await startServerProgram();
  });
  afterAll(() => server.dispose());

  it("prints that it serves the sandbox, and both addresses", () => {
    expect(server.out()).toMatch(
      /^No CONFLUENCE_URL is set: serving the embedded sandbox, .+\nGraphQL {3}http:\/\/127\.0\.0\.1:\d+\/graphql\nGraphiQL {2}http:\/\/127\.0\.0\.1:\d+\/graphiql\n$/,
    );
  });

  it("is ready", async () => {
    await expect.poll(server.ready).toEqual({ isReady: true, status: "ready", code: null, reason: null });
    expect((await fetch(new URL("/health/live", server.graphqlUrl))).status).toBe(200);
  });

  it("answers an example of GraphiQL with spaces, grants and principals", async () => {
    const { data, errors } = await server.query(
      exampleQueries.find(({ title }) => title === "SpaceGrants")?.query ?? "",
    );
    expect(errors).toBeUndefined();
    expect(data.spaces.totalCount).toBe(50 + 28);
    const [space] = data.spaces.nodes;
    expect(space.grants.nodes.length).toBeGreaterThan(0);
    expect(space.grants.nodes[0].principal.name).toEqual(expect.any(String));
    expect(space.grants.nodes[0].permissions[0]).toEqual({ operation: expect.any(String), target: expect.any(String) });
  });

  it("serves a Cloud and a Data Center site together: one query reads both, and a person is joined across them", async () => {
    const { data, errors } = await server.query(`{
      sites { siteId deployment accounts { totalCount completeness { isComplete } } spaces { totalCount } }
      spaces(first: 1000) { nodes { siteId } completeness { isComplete } }
      identity(email: "admin@sandbox.test") { accounts { nodes { siteId displayName username } completeness { isComplete } } }
    }`);
    expect(errors).toBeUndefined();
    const [isComplete, sites] = [{ isComplete: true }, ["sandbox-cloud", "sandbox-datacenter"]];
    expect(data.sites).toEqual([
      {
        siteId: sites[0],
        deployment: "CLOUD",
        accounts: { totalCount: 288, completeness: isComplete },
        spaces: { totalCount: 50 },
      },
      {
        siteId: sites[1],
        deployment: "DATA_CENTER",
        accounts: { totalCount: 205, completeness: isComplete },
        spaces: { totalCount: 28 },
      },
    ]);
    expect(data.spaces.completeness).toEqual(isComplete);
    const counted = sites.map(
      (id) => data.spaces.nodes.filter(({ siteId }: { siteId: string }) => siteId === id).length,
    );
    expect(counted).toEqual([50, 28]);
    // Others hide their address: one of them may be this person's as well.
    expect(data.identity.accounts.completeness).toEqual({ isComplete: false });
    expect(data.identity.accounts.nodes).toEqual([
      { siteId: sites[0], displayName: "Robin Adeyemi", username: null },
      { siteId: sites[1], displayName: "Robin Adeyemi", username: "admin" },
    ]);
  });

  it("ends with 0 on SIGTERM, having written nothing to standard error but its log", async () => {
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    const log = server.log();
    expect(log.length).toBeGreaterThan(2);
    for (const line of log)
      expect(line).toMatchObject({ level: "info", time: expect.any(String), msg: expect.any(String) });
    expect(log.at(-1)).toMatchObject({ msg: "stopped" });
    for (const siteId of ["sandbox-cloud", "sandbox-datacenter"]) {
      expect(log.find((line) => line.siteId === siteId)).toMatchObject({ msg: expect.stringContaining("is ready") });
    }
  });
});
