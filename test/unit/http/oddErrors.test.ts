import { describe, expect, it } from "vitest";
import { classifyCloudError } from "../../../src/confluence/cloud/classifyCloudError.js";
import { classifyDataCenterError } from "../../../src/confluence/datacenter/classifyDataCenterError.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { httpLimits } from "../../../src/http/httpLimits.js";
import type { HttpRequest } from "../../../src/http/Transport.js";
import { openTransport } from "./openTransport.js";
import { startUpstream } from "./startUpstream.js";

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
