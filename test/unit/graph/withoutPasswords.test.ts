import { GraphQLError, parse, Source } from "graphql";
import { describe, expect, it } from "vitest";
import { withoutPasswords } from "../../../src/graph/errors/withoutPasswords.js";

const unquoted = "The value is not repeated, because the request mentions a password.";
const locations = [{ line: 3, column: 14 }];

/** What is shown of an error of this code and message, of a request with this document. */
function shown(code: string, message: string, document = "{ sites { name } }"): string {
  const error = new GraphQLError(message, { source: new Source(document), positions: [0] });
  return withoutPasswords({ message, locations, extensions: { code } }, error);
}

describe("an error of the variables", () => {
  it.each([
    [
      '{ email: "a@x", password: "a \\"b\\", c", usrname: "u" }; Field "usrname" is not defined by type "T".',
      'Variable "$input" got an invalid value: Field "usrname" is not defined by type "T".',
    ],
    [
      '{ pasword: "u" }; Field "pasword" is not defined by type "T". Did you mean "password"?',
      'Variable "$input" got an invalid value: Field "pasword" is not defined by type "T".',
    ],
    [
      '4711 at "input.password"; String cannot represent a non string value: 4711',
      'Variable "$input" got an invalid value at "input.password": String cannot represent a non string value.',
    ],
    [
      '["x", 4711] at "input.items[0].password"; String cannot represent a non string value: ["x", 4711]',
      'Variable "$input" got an invalid value at "input.items[0].password": String cannot represent a non string value.',
    ],
    [
      '{ password: "x" }; Field "email" of required type "[String!]!" was not provided.',
      'Variable "$input" got an invalid value: Field "email" of required type "[String!]!" was not provided.',
    ],
    [
      '"{\\"password\\":\\"x at \\\\\\"x\\\\\\"; \\"}"; Expected type "T" to be an object.',
      'Variable "$input" got an invalid value: Expected type "T" to be an object.',
    ],
    ['{ password: "x" }; something new: "x"', 'Variable "$input" got an invalid value.'],
  ])("names the variable, the field and the fault of %s", (rest, expected) => {
    expect(shown("BAD_USER_INPUT", `Variable "$input" got invalid value ${rest}`)).toBe(`${expected} ${unquoted}`);
  });

  it("says which variable is missing", () => {
    const message = 'Variable "$password" of required type "String!" was not provided.';
    expect(shown("BAD_USER_INPUT", message)).toBe(message);
  });

  it("is as the library words it where no password is mentioned", () => {
    const message = 'Variable "$first" got invalid value "x"; Int cannot represent non-integer value: "x"';
    expect(shown("BAD_USER_INPUT", message)).toBe(message);
  });
});

describe("an error of a document that mentions a password", () => {
  const document = 'mutation { m(input: { Password: """hunter2""" }) { ok } }';

  it.each([
    [
      "GRAPHQL_PARSE_FAILED",
      'Syntax Error: Expected ":", found String "hunter2".',
      "Syntax error at line 3, column 14.",
    ],
    [
      "GRAPHQL_VALIDATION_FAILED",
      'String cannot represent a non string value: ["hunter2"]',
      "The document does not fit the schema at line 3, column 14: String cannot represent a non string value.",
    ],
    [
      "GRAPHQL_VALIDATION_FAILED",
      'Field "hunter2" is not defined by type "T".',
      "The document does not fit the schema at line 3, column 14.",
    ],
    [
      "GRAPHQL_VALIDATION_FAILED",
      'Cannot query field "outcom" on type "T". Did you mean "outcome"?',
      'The document does not fit the schema at line 3, column 14: Cannot query field "outcom" on type "T".',
    ],
  ])("names the place and the fault: %s, %s", (code, message, expected) => {
    expect(shown(code, message, document)).toBe(
      `${expected} What stands there is not repeated, because the request mentions a password.`,
    );
  });

  it("is found by what the error points at as well", () => {
    const [definition] = parse(document).definitions;
    const message = 'Unknown argument "hunter2" on field "Mutation.m".';
    const error = new GraphQLError(message, { nodes: definition ?? null });
    expect(
      withoutPasswords({ message, locations, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }, error),
    ).not.toContain("hunter2");
  });

  it("keeps what is said in our own words: by a rule of ours, and by a resolver", () => {
    const deep = "The operation is 70 levels of fields deep; at most 50 are answered.";
    expect(shown("QUERY_TOO_DEEP", deep, document)).toBe(deep);
    const refused = { message: "Pass another id.", path: ["m"], extensions: { code: "BAD_USER_INPUT" } };
    const error = new GraphQLError(refused.message, { source: new Source(document), positions: [0] });
    expect(withoutPasswords(refused, error)).toBe(refused.message);
  });
});

it("leaves the errors of other documents as they are", () => {
  const message = 'Cannot query field "keys" on type "Space". Did you mean "key"?';
  expect(shown("GRAPHQL_VALIDATION_FAILED", message)).toBe(message);
});
