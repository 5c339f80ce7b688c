import { describe, expect, it } from "vitest";
import { cleanExcerpt } from "../../../src/http/cleanExcerpt.js";
import { describeErrorBody } from "../../../src/http/describeErrorBody.js";
import { readSecrets } from "../../../src/http/readSecrets.js";

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
