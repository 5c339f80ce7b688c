import { describe, expect, it } from "vitest";
import { classifyCloudError } from "../../../src/confluence/cloud/errors.js";
import { classifyDataCenterError } from "../../../src/confluence/datacenter/errors.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { cleanExcerpt, describeErrorBody, readSecrets } from "../../../src/http/errors.js";
import { httpLimits } from "../../../src/http/limits.js";
import type { HttpRequest } from "../../../src/http/Transport.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

describe("describeErrorBody", () => {
  it.each<[string, unknown, string | null]>([
    ["a text", "Bad gateway", "Bad gateway"],
    ["a message", { statusCode: 404, message: "No group" }, "No group"],
    ["the first of several errors", { errors: [{ status: 400, title: "Bad cursor", detail: null }] }, "Bad cursor"],
    ["a detail before a title", { errors: [{ title: "Conflict", detail: "Already a member" }] }, "Already a member"],
    ["an OAuth error", { error: "invalid_client", error_description: "Unknown client" }, "Unknown client"],
    ["a list of messages", { errorMessages: ["First", "Second"] }, "First"],
    ["nothing in an empty body", "", null],
    ["nothing in an object of other fields", { code: 17 }, null],
    ["nothing in a number", 17, null],
  ])("finds %s", (_case, body, sentence) => {
    expect(describeErrorBody(body)).toBe(sentence);
  });

  it("is not exhausted by a body nested a hundred thousand levels deep", () => {
    const depth = 100_000;
    expect(describeErrorBody(JSON.parse("[".repeat(depth) + "]".repeat(depth)))).toBeNull();
  });
});

describe("cleanExcerpt", () => {
  it("leaves one line of plain text of a web page", () => {
    const page =
      "<!doctype html><html><head><style>p{color:red}</style><title>Sign in</title></head>\n<body><p>Please</p><script>steal()</script>";
    expect(cleanExcerpt(page, [])).toBe("Sign in Please");
  });

  it("takes out control characters, which could forge a log line or colour a terminal", () => {
    expect(cleanExcerpt("one\r\nlevel=fatal\u001b[31m\u202e two", [])).toBe("one level=fatal [31m two");
  });

  it("keeps a comparison that only looks like markup", () => {
    expect(cleanExcerpt("limit must be < 250 and > 0", [])).toBe("limit must be < 250 and > 0");
  });

  it("is short, however long the text is, and cuts no character in half", () => {
    const excerpt = cleanExcerpt("😀".repeat(5_000), []);
    expect([...excerpt]).toHaveLength(241);
    expect(excerpt.endsWith("😀…")).toBe(true);
  });

  it("blanks out every form of a Basic credential", () => {
    const header = `Basic ${Buffer.from("person@example.com:api-token-1").toString("base64")}`;
    const encoded = header.slice("Basic ".length);
    const excerpt = cleanExcerpt(
      `got ${header}, ${encoded}, person@example.com:api-token-1 and api-token-1`,
      readSecrets(header),
    );
    expect(excerpt).toBe("got ***, ***, *** and ***");
  });

  it("blanks out a credential that is not ours", () => {
    expect(cleanExcerpt("Rejected: Bearer abcdefgh.ijkl", [])).toBe("Rejected: Bearer ***");
  });

  it("leaves the name of a way to sign in, which is no credential", () => {
    const text = "Basic Authentication has been disabled on this instance.";
    expect(cleanExcerpt(text, [])).toBe(text);
    expect(cleanExcerpt("Basic YWRtaW46cHc=", [])).toBe("Basic ***");
  });

  it("blanks out a secret that lies across the place where the text is cut", () => {
    const excerpt = cleanExcerpt(`${"x".repeat(236)} api-token-1`, ["api-token-1"]);
    expect(excerpt).not.toContain("api");
  });
});

const depth = 100_000;
const megabytes = 24 * 1024 * 1024;
const nested = (open: string, close: string) => open.repeat(depth) + close.repeat(depth);

const bodies: Readonly<Record<string, string>> = {
  "lists nested 100,000 deep": nested("[", "]"),
  "objects nested 100,000 deep": `${nested('{"errors":', "}").replace(":}", ":1}")}`,
  "a message nested 100,000 deep": `{"message":${nested("[", "]")},"statusCode":404,"data":{}}`,
  "objects where a text is expected": '{"message":{"a":1},"errors":[{"title":{},"detail":[{}]}],"error":{"b":{}}}',
  "lists where a text is expected": '{"message":[[]],"errorMessages":[{}],"reason":[1]}',
  "numbers and nothing": '{"message":17,"errors":null,"detail":false}',
  "24 MB of text": "no such scope ".repeat(megabytes / 14),
  "24 MB of JSON": JSON.stringify({ message: "x".repeat(megabytes), errors: [] }),
  "24 MB of words that are looked for": `"${"license directory read ".repeat(megabytes / 23)}"`,
  "a text that JSON cannot hold": '{"message":"\\ud800","errors":[',
};
const deployments = { Cloud: classifyCloudError, "Data Center": classifyDataCenterError };
const whoAmI: HttpRequest = { method: "GET", call: "GET /rest/api/user/current", path: "/rest/api/user/current" };

describe.each(Object.entries(deployments))("an error of %s with an odd body", (_deployment, classifyError) => {
  it.each(Object.keys(bodies))("is classified by its status and shown in one short line: %s", async (name) => {
    for (const status of [400, 401, 403, 404, 405, 500]) {
      const upstream = await startUpstream((_request, response) => {
        // Whoever stops reading in the middle cuts the connection.
        response.on("error", () => undefined);
        response.writeHead(status, { "content-type": "application/json" }).end(bodies[name]);
      });
      const { errorOf } = openTransport(upstream.url, { limits: { ...httpLimits, maxRetries: 0 }, classifyError });
      const error = await errorOf(whoAmI);
      expect(error).toBeInstanceOf(SiteError);
      expect(error.status).toBe(status);
      expect(error.message.length).toBeLessThan(600);
      expect(error.message).not.toMatch(/\[object|call stack|undefined/);
    }
  });
});

describe("an error body that is longer than is read", () => {
  it("is cut at its beginning, and the connection with it; the next call has another", async () => {
    let written = 0;
    const upstream = await startUpstream((_request, response, count) => {
      response.on("error", () => undefined);
      if (count > 1) return void response.end("{}");
      response.writeHead(403, { "content-type": "text/plain" });
      const more = () => {
        while (written < megabytes && !response.destroyed) {
          written += 65_536;
          if (!response.write("a long story ".repeat(5_041))) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    const { transport, errorOf } = openTransport(upstream.url, { concurrency: 1 });
    expect((await errorOf(whoAmI)).message).toMatch(/^GET \/rest\/api\/user\/current answered 403: "a long story /);
    expect((await transport.send(whoAmI)).status).toBe(200);
    expect(written).toBeLessThan(megabytes);
  });
});
