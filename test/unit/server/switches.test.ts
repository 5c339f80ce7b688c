import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { startTestServer } from "./startTestServer.js";

const introspection = "{ __schema { queryType { name } } }";

describe("what can be switched off", () => {
  it("serves no explorer, and says where GraphQL is, where it is off", async () => {
    const server = await startTestServer({ config: { isGraphiqlServed: false } });
    const page = await fetch(`${server.url}/graphiql`);
    expect(page.status).toBe(404);
    expect(await page.text()).toMatch(/^(?!.*graphiql).*GraphQL is at \/graphql,/);
    expect((await server.post({ query: "{ hello }" })).status).toBe(200);
  });

  it("tells nothing of the schema where introspection is off, however it is asked, and answers all else", async () => {
    const server = await startTestServer({ config: { isIntrospectionOn: false } });
    for (let time = 0; time < 3; time += 1) {
      const answer = (await (await server.post({ query: introspection })).json()) as Record<string, unknown>;
      expect(answer.data).toBeUndefined();
      expect(JSON.stringify(answer)).not.toContain('Query"');
    }
    expect(await (await server.post({ query: "{ hello __typename }" })).json()).toEqual({
      data: { hello: "world", __typename: "Query" },
    });
  });

  it("tells it by default, to who presents a token", async () => {
    const token = "t".repeat(40);
    const server = await startTestServer({ config: { callerToken: new Secret(token) } });
    expect((await server.post({ query: introspection })).status).toBe(401);
    const told = await server.post({ query: introspection }, { authorization: `Bearer ${token}` });
    expect(await told.json()).toEqual({ data: { __schema: { queryType: { name: "Query" } } } });
  });
});

describe("pages of other origins", () => {
  const origin = "https://reviews.example.com";
  const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
  const token = "t".repeat(40);
  const open = () => startTestServer({ config: { corsOrigins: [origin], callerToken: new Secret(token) } });

  it("may ask where their origin is named, and the browser's question beforehand needs no token", async () => {
    const server = await open();
    const asked = await fetch(server.graphqlUrl, { method: "OPTIONS", headers: { origin, ...preflight } });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
    const answered = await server.post({ query: "{ hello }" }, { origin, authorization: `Bearer ${token}` });
    expect([answered.status, answered.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
    expect(answered.headers.get("vary")).toMatch(/origin/i);
    // A refusal can be read as well.
    const refused = await server.post({ query: "{ hello }" }, { origin });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, origin]);
  });

  it.each(["https://reviews.example.com.evil.test", "null", "http://reviews.example.com"])(
    "may not where it is not: %s",
    async (other) => {
      const server = await open();
      const asked = await fetch(server.graphqlUrl, { method: "OPTIONS", headers: { origin: other, ...preflight } });
      expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([405, null]);
    },
  );

  it("may not at all where none is named", async () => {
    const server = await startTestServer();
    const answered = await server.post({ query: "{ hello }" }, { origin });
    expect(answered.headers.get("access-control-allow-origin")).toBeNull();
  });
});
