import { GraphQLError, type GraphQLFormattedError, parse, Source } from "graphql";
import { describe, expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { InputError } from "../../../../src/graph/errors/errorCodes.js";
import { formatGraphError, withoutPasswords } from "../../../../src/graph/errors/formatGraphError.js";
import type { Logger } from "../../../../src/observability/Logger.js";

const path = ["spaces", "nodes", 3, "name"];
const locations = [{ line: 1, column: 2 }];

/** Formats an error as a resolver threw it: located by graphql-js, coded by the server. */
function format(thrown: Error) {
  const logged: { fields: Record<string, unknown>; message: string }[] = [];
  const ignore = () => undefined;
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields, message) => logged.push({ fields, message }),
  };
  const located = new GraphQLError(thrown.message, { path, originalError: thrown });
  const code = thrown instanceof GraphQLError ? thrown.extensions.code : undefined;
  const extensions = {
    ...(thrown instanceof GraphQLError ? thrown.extensions : {}),
    code: code ?? "INTERNAL_SERVER_ERROR",
  };
  const coded: GraphQLFormattedError = {
    message: thrown.message,
    path,
    locations,
    extensions: { ...extensions, stacktrace: ["Error: at src/secret.ts:1"] },
  };
  return { shown: formatGraphError(logger)(coded, located), logged };
}

describe("what a client sees of an error", () => {
  it("masks a bug of ours behind an id that stands in the log with the bug", () => {
    const bug = new TypeError("Cannot read properties of undefined (reading 'tokenOfTheDatabase')");
    const { shown, logged } = format(bug);
    expect(shown).toEqual({
      message: expect.stringMatching(
        /^Something went wrong here, and it is our fault\. The log has it under [0-9a-f-]{36}\.$/,
      ),
      path,
      locations,
      extensions: { code: "INTERNAL", errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(JSON.stringify(shown)).not.toMatch(/tokenOfTheDatabase|secret\.ts/);
    expect(shown.message).toContain(String(shown.extensions?.errorId));
    expect(logged).toEqual([
      { fields: { errorId: shown.extensions?.errorId, error: bug, path }, message: expect.stringContaining("bug") },
    ]);
  });

  it("gives every bug an id of its own", () => {
    const ids = [1, 2, 3].map(() => format(new Error("x")).shown.extensions?.errorId);
    expect(new Set(ids).size).toBe(3);
  });

  it("shows a failed conversation with a site by its stable code, with what is known of it, and logs no bug", () => {
    const error = new SiteError("Throttled", "The site asks to wait.", {
      call: "GET /wiki/api/v2/spaces",
      status: 429,
      retryAfterMs: 30_000,
      cause: new Error("socket of a secret host"),
    });
    const { shown, logged } = format(error);
    expect(shown).toEqual({
      message: "The site asks to wait.",
      path,
      locations,
      extensions: {
        code: "UPSTREAM_THROTTLED",
        call: "GET /wiki/api/v2/spaces",
        upstreamStatus: 429,
        retryAfterMs: 30_000,
      },
    });
    expect(logged).toEqual([]);
  });

  it("leaves out what is not known of a failed conversation", () => {
    const { shown } = format(new SiteError("Unreachable", "No answer.", { call: "GET /x" }));
    expect(shown.extensions).toEqual({ code: "UPSTREAM_UNREACHABLE", call: "GET /x" });
  });

  it("shows bad input as it is, without a stack", () => {
    const { shown, logged } = format(new InputError("INVALID_ID", "id", "Pass another id."));
    expect(shown).toEqual({
      message: "Pass another id.",
      path,
      locations,
      extensions: { code: "BAD_USER_INPUT", reason: "INVALID_ID", argument: "id" },
    });
    expect(logged).toEqual([]);
  });
});

const unrepeated = "Nothing of the request is repeated here, because it mentions a password.";
const shownLocations = [{ line: 3, column: 14 }];

/** What is shownOf of an error of this code and message, of a request with this document. */
function shownOf(code: string, message: string, document = "{ sites { name } }"): string {
  const error = new GraphQLError(message, { source: new Source(document), positions: [0] });
  return withoutPasswords({ message, locations: shownLocations, extensions: { code } }, error);
}

describe("an error of a request that mentions a password", () => {
  const document = 'mutation { m(input: { Password: """hunter2""" }) { ok } }';

  it.each([
    ["GRAPHQL_PARSE_FAILED", 'Syntax Error: Expected ":", found String "hunter2".', "The document cannot be parsed"],
    [
      "GRAPHQL_VALIDATION_FAILED",
      'String cannot represent a non string value: ["hunter2"]',
      "The document does not fit the schema",
    ],
    [
      "BAD_USER_INPUT",
      'Variable "$input" got invalid value { email: "hunter2" }; Field "email" is not defined by type "T".',
      'Variable "$input" got an invalid value',
    ],
  ])("names the kind of fault and the place alone: %s, %s", (code, message, fault) => {
    expect(shownOf(code, message, document)).toBe(`${fault} at line 3, column 14. ${unrepeated}`);
  });

  it("is known by its variables as well", () => {
    const message =
      'Variable "$input" got invalid value { password: "x", usrname: "u" }; Field "usrname" is not defined.';
    expect(shownOf("BAD_USER_INPUT", message)).toBe(
      `Variable "$input" got an invalid value at line 3, column 14. ${unrepeated}`,
    );
  });

  it("is found by what the error points at, and needs no place", () => {
    const [definition] = parse(document).definitions;
    const message = 'Unknown argument "hunter2" on field "Mutation.m".';
    const error = new GraphQLError(message, { nodes: definition ?? null });
    expect(withoutPasswords({ message, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }, error)).toBe(
      `The document does not fit the schema. ${unrepeated}`,
    );
  });

  it("keeps what is said in our own words: by a rule of ours, and by a resolver", () => {
    const deep = "The operation is 70 levels of fields deep; at most 50 are answered.";
    expect(shownOf("QUERY_TOO_DEEP", deep, document)).toBe(deep);
    const refused = { message: "Pass another id.", path: ["m"], extensions: { code: "BAD_USER_INPUT" } };
    const error = new GraphQLError(refused.message, { source: new Source(document), positions: [0] });
    expect(withoutPasswords(refused, error)).toBe(refused.message);
  });
});

it("leaves the errors of other requests as they are", () => {
  const message = 'Cannot query field "keys" on type "Space". Did you mean "key"?';
  expect(shownOf("GRAPHQL_VALIDATION_FAILED", message)).toBe(message);
  const variable = 'Variable "$first" got invalid value "x"; Int cannot represent non-integer value: "x"';
  expect(shownOf("BAD_USER_INPUT", variable)).toBe(variable);
});
