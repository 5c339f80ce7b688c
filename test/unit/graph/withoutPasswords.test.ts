import { GraphQLError, parse, Source } from "graphql";
import { describe, expect, it } from "vitest";
import { withoutPasswords } from "../../../src/graph/errors/formatGraphError.js";

const unrepeated = "Nothing of the request is repeated here, because it mentions a password.";
const locations = [{ line: 3, column: 14 }];

/** What is shown of an error of this code and message, of a request with this document. */
function shown(code: string, message: string, document = "{ sites { name } }"): string {
  const error = new GraphQLError(message, { source: new Source(document), positions: [0] });
  return withoutPasswords({ message, locations, extensions: { code } }, error);
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
      "The variables do not fit the schema",
    ],
  ])("names the kind of fault and the place alone: %s, %s", (code, message, fault) => {
    expect(shown(code, message, document)).toBe(`${fault} (line 3, column 14). ${unrepeated}`);
  });

  it("is known by its variables as well", () => {
    const message =
      'Variable "$input" got invalid value { password: "x", usrname: "u" }; Field "usrname" is not defined.';
    expect(shown("BAD_USER_INPUT", message)).toBe(
      `The variables do not fit the schema (line 3, column 14). ${unrepeated}`,
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
    expect(shown("QUERY_TOO_DEEP", deep, document)).toBe(deep);
    const refused = { message: "Pass another id.", path: ["m"], extensions: { code: "BAD_USER_INPUT" } };
    const error = new GraphQLError(refused.message, { source: new Source(document), positions: [0] });
    expect(withoutPasswords(refused, error)).toBe(refused.message);
  });
});

it("leaves the errors of other requests as they are", () => {
  const message = 'Cannot query field "keys" on type "Space". Did you mean "key"?';
  expect(shown("GRAPHQL_VALIDATION_FAILED", message)).toBe(message);
  const variable = 'Variable "$first" got invalid value "x"; Int cannot represent non-integer value: "x"';
  expect(shown("BAD_USER_INPUT", variable)).toBe(variable);
});
