import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/server/graphiql/exampleQueries.js";
import { ensureBuilt } from "./ensureBuilt.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

describe("the built server with nothing configured", () => {
  let server: ServerProgram;
  beforeAll(async () => {
    await ensureBuilt();
    server = await startServerProgram();
  });
  afterAll(() => server.dispose());

  it("prints that it serves the sandbox, and both addresses, within five seconds", () => {
    expect(server.out()).toMatch(
      /^No CONFLUENCE_URL is set: serving the embedded sandbox, .+\nGraphQL {3}http:\/\/127\.0\.0\.1:\d+\/graphql\nGraphiQL {2}http:\/\/127\.0\.0\.1:\d+\/graphiql\n$/,
    );
    expect(server.startedInMs).toBeLessThan(5_000);
  });

  it("is ready as soon as it says where it is", async () => {
    expect(await server.ready()).toEqual({ code: 200, status: "ready", reason: null });
    expect((await fetch(new URL("/health/live", server.graphqlUrl))).status).toBe(200);
  });

  it("answers the first example of GraphiQL with spaces, grants and principals", async () => {
    const { data, errors } = await server.query(exampleQueries[0]?.query ?? "");
    expect(errors).toBeUndefined();
    expect(data.spaces.totalCount).toBe(50);
    const [space] = data.spaces.nodes;
    expect(space.grants.nodes.length).toBeGreaterThan(0);
    expect(space.grants.nodes[0].principal.name).toEqual(expect.any(String));
    expect(space.grants.nodes[0].permissions[0]).toEqual({ operation: expect.any(String), target: expect.any(String) });
  });

  it("ends with 0 on SIGTERM, having written nothing to standard error but its log", async () => {
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    const log = server.log();
    expect(log.length).toBeGreaterThan(2);
    for (const line of log)
      expect(line).toMatchObject({ level: "info", time: expect.any(String), msg: expect.any(String) });
    expect(log.at(-1)).toMatchObject({ msg: "stopped" });
    expect(log.find((line) => line.siteId === "sandbox")).toMatchObject({ msg: expect.stringContaining("is ready") });
  });
});
