import { describe, expect, it } from "vitest";
import { cloudWorld } from "../support/worlds.js";
import { startFaultyStack } from "./startFaultyStack.js";

const world = cloudWorld({ groups: [{ id: "g-1", name: "Designers", members: [] }] });
const document = "{ groups { nodes { name } completeness { gaps { reason } } } }";

const echoes = [
  { what: "a rejected credential", status: 401, code: "UPSTREAM_AUTH" },
  { what: "a refusal", status: 403, code: "UPSTREAM_FORBIDDEN" },
  { what: "a bad request", status: 400, code: "UPSTREAM_REJECTED" },
  { what: "a failure", status: 500, code: "UPSTREAM_FAILED" },
  { what: "an answer that is not JSON", status: 200, code: "UPSTREAM_CONTRACT" },
];

describe("a site that echoes the credential", () => {
  // Closing the stack proves that neither the answers nor the log hold it; so it is for every test of this folder.
  it.each(echoes)("cannot make it come out, in an error, a gap or the log: $what", async ({ status, code }) => {
    await using stack = await startFaultyStack({ world });
    const { email, apiToken } = stack.sandbox.credential;
    const basic = Buffer.from(`${email}:${apiToken}`).toString("base64");
    const text = `You sent Basic ${basic}, that is ${apiToken}.`;
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      status,
      body: status === 200 ? text : { statusCode: status, message: text },
    });
    const { data, errors } = await stack.query(document);
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(errors?.[0]?.message).toContain("You sent ***, that is ***.");
    expect(data.groups.completeness.gaps[0].reason).toContain("You sent ***, that is ***.");
    expect(stack.logLines.some((line) => line.includes("GET /wiki/rest/api/group"))).toBe(true);
  });

  it("cannot make it come out by a redirect", async () => {
    await using stack = await startFaultyStack({ world });
    await stack.fail({
      match: "GET /wiki/rest/api/group",
      times: "always",
      status: 302,
      headers: { location: `https://elsewhere.example/login?token=${stack.sandbox.credential.apiToken}` },
    });
    const { errors } = await stack.query(document);
    expect(errors).toMatchObject([{ extensions: { code: "UPSTREAM_MISCONFIGURED" } }]);
    expect(errors?.[0]?.message).toContain("a redirect to https://elsewhere.example");
  });
});
