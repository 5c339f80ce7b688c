import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import type { Stack } from "../support/startStack.js";
import { expectServed, onlyError, startSmallStack } from "./badInputStack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startSmallStack();
});
afterAll(() => stack.close());
afterEach(() => expectServed(stack));

/** Sends a body as it is. */
async function post(body: string, headers: Readonly<Record<string, string>> = { "content-type": "application/json" }) {
  const response = await fetch(stack.server.graphqlUrl, { method: "POST", headers, body });
  return { status: response.status, answer: (await response.json()) as GraphAnswer };
}

describe("a query", () => {
  /** A query of exactly so many levels; an odd number. */
  const deep = (levels: number) => {
    const pairs = (levels - 5) / 2;
    const [open, close] = ["personalSpace { owner { ".repeat(pairs), " } }".repeat(pairs)];
    return `{ groups { nodes { members { nodes { ${open}accountId${close} } } } } }`;
  };

  it("51 levels deep is refused before anything runs, and the message gives the bound", async () => {
    await stack.forgetCalls();
    const answer = await stack.query(deep(51));
    expect(onlyError(answer)).toMatchObject({ code: "QUERY_TOO_DEEP" });
    expect(answer.errors?.[0]?.message).toMatch(
      /is 51 levels of fields deep; at most 15 are answered\. Ask for the inner/,
    );
    expect(answer.errors?.[0]?.extensions.maxDepth).toBe(15);
    expect(stack.calls()).toEqual([]);
  });

  it("50 levels deep is refused when fragments hide the depth", async () => {
    const fragments = Array.from(
      { length: 24 },
      (_, index) =>
        `fragment F${index} on Account { personalSpace { owner { ${index === 0 ? "accountId" : `...F${index - 1}`} } } }`,
    );
    const answer = await stack.query(`{ account(accountId: "1") { ... { ...F23 } } } ${fragments.join(" ")}`);
    expect(onlyError(answer)).toMatchObject({ code: "QUERY_TOO_DEEP", message: expect.stringContaining("50 levels") });
  });

  it("is answered at exactly the bound", async () => {
    expect((await stack.query(deep(15))).errors).toBeUndefined();
  });

  it("whose fragments go round is refused without going round", async () => {
    const { errors, data } = await stack.query(
      '{ account(accountId: "1") { ...A } } fragment A on Account { id ...A }',
    );
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toContain('Cannot spread fragment "A" within itself');
  });

  it("with more faults in variables than are listed is the caller's fault, and not ours", async () => {
    const { errors, data } = await stack.query(
      "query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }",
      {
        filter: { kinds: Array.from({ length: 80 }, () => "NOBODY") },
      },
    );
    expect(data).toBeUndefined();
    expect(errors?.length).toBeGreaterThan(50);
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(["BAD_USER_INPUT"]));
    expect(errors?.at(-1)?.message).toContain("mend these, and ask again");
  });

  it("that is no GraphQL is refused with the place of the fault", async () => {
    const answer = await stack.query("{ spaces { nodes { key }");
    expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_PARSE_FAILED");
    expect(answer.errors?.[0]?.message).toMatch(/^Syntax Error: Expected Name, found <EOF>/);
  });

  it("for a field that is not there is refused with a suggestion", async () => {
    const answer = await stack.query("{ spaces { nodes { keys } } }");
    expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect(answer.errors?.[0]?.message).toMatch(/Cannot query field "keys" on type "Space"\. Did you mean "key"/);
  });

  it("of more tokens than anybody writes is refused while it is parsed", async () => {
    const answer = await stack.query(`{ ${"a: __typename ".repeat(5_000)} }`);
    expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_PARSE_FAILED");
    expect(answer.errors?.[0]?.message).toContain("10000 tokens");
  });
});

describe("an HTTP request", () => {
  it("of 10 MB is refused with the bound", async () => {
    const { status, answer } = await post(
      JSON.stringify({ query: "{ sites { id } }", padding: "x".repeat(10_000_000) }),
    );
    expect(status).toBe(413);
    expect(onlyError(answer)).toMatchObject({
      code: "REQUEST_TOO_LARGE",
      message: expect.stringMatching(/larger than 4096 KiB\. Send fewer operations or smaller variables/),
    });
  });

  it.each(["{ not json", "", "nonsense", '{"query": "{ sites { id } }"'])(
    "whose body is not JSON is refused: %j",
    async (body) => {
      const { status, answer } = await post(body);
      expect(status).toBe(400);
      expect(onlyError(answer)).toMatchObject({
        code: "MALFORMED_JSON",
        message: expect.stringMatching(/is not JSON\. A GraphQL request is an object such as/),
      });
    },
  );

  it.each(["null", "7", '"{ sites { id } }"', "{}", '{"query": 7}', "[]"])(
    "whose JSON is no request is refused: %s",
    async (body) => {
      const { status, answer } = await post(body);
      expect(status).toBe(400);
      expect(answer.errors?.[0]?.extensions.code).toMatch(/^(BAD_REQUEST|MALFORMED_JSON)$/);
    },
  );

  it("with a batch larger than allowed is refused before anything runs", async () => {
    await stack.forgetCalls();
    const { status, answer } = await post(
      JSON.stringify(Array.from({ length: 4 }, () => ({ query: "{ sites { id } }" }))),
    );
    expect(status).toBe(400);
    expect(onlyError(answer)).toMatchObject({
      code: "BATCH_TOO_LARGE",
      message: "The batch has 4 operations, and at most 3 are answered in one request. Send several requests.",
    });
    expect(stack.calls()).toEqual([]);
  });

  it("by GET is refused where a foreign page could have sent it, and answered where only a program could", async () => {
    const url = `${stack.server.graphqlUrl}?query=${encodeURIComponent("{ sites { siteId } }")}`;
    const refused = await fetch(url);
    expect(refused.status).toBe(400);
    const answer = (await refused.json()) as GraphAnswer;
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_REQUEST");
    expect(answer.errors?.[0]?.message).toMatch(/potential Cross-Site Request Forgery.*apollo-require-preflight/s);

    const allowed = await fetch(url, { headers: { "apollo-require-preflight": "true" } });
    expect(await allowed.json()).toEqual({ data: { sites: [{ siteId: stack.siteId }] } });
  });

  it("by POST in a form is refused with what to send instead", async () => {
    const { status, answer } = await post("query=%7Bsites%7Bid%7D%7D", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(status).toBe(415);
    expect(onlyError(answer)).toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
      message: expect.stringContaining("Content-Type: application/json"),
    });
  });
});
