import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";

const canary = "hunter2canary";
/** A password of digits alone, which people forget to quote. */
const digits = "4711471147";

describe("a request with a password that cannot be understood", () => {
  let stack: DataCenterStack;
  beforeAll(async () => {
    stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  /** Asks, and answers the codes and messages of the errors after looking for the password in all that is told and logged. */
  async function faultsOf(document: string, variables: Readonly<Record<string, unknown>> = {}) {
    const answer = await stack.query(document, variables);
    const everything = JSON.stringify([answer, stack.logLines, await stack.audit()]);
    expect([canary, digits].filter((secret) => everything.includes(secret))).toEqual([]);
    expect(stack.writes()).toEqual([]);
    return (answer.errors ?? []).map(({ message, extensions }) => ({ message, code: extensions.code }));
  }

  it.each([
    ["a forgotten colon", `password "${canary}"`, "GRAPHQL_PARSE_FAILED"],
    ["a forgotten colon before a block string", `password """${canary}"""`, "GRAPHQL_PARSE_FAILED"],
    ["a forgotten quote", `password: "${canary}`, "GRAPHQL_PARSE_FAILED"],
    ["a quote too many", `password: "${canary}""`, "GRAPHQL_PARSE_FAILED"],
    ["the wrong quotes", `password: '${canary}'`, "GRAPHQL_PARSE_FAILED"],
    ["a sign that no name has", `password: ${canary}-%`, "GRAPHQL_PARSE_FAILED"],
    ["no quotes", `password: ${canary}`, "GRAPHQL_VALIDATION_FAILED"],
    ["no quotes around digits", `password: ${digits}`, "GRAPHQL_VALIDATION_FAILED"],
    ["no quotes and a dollar", `password: $${canary}`, "GRAPHQL_VALIDATION_FAILED"],
    ["no quotes and a blank", `password: my ${canary}: x`, "GRAPHQL_VALIDATION_FAILED"],
    ["a list", `password: ["${canary}"]`, "GRAPHQL_VALIDATION_FAILED"],
    ["a list of block strings", `password: ["""${canary}"""]`, "GRAPHQL_VALIDATION_FAILED"],
    ["an object", `password: { s: "${canary}" }`, "GRAPHQL_VALIDATION_FAILED"],
    ["another spelling", `Password: """${canary}"""`, "GRAPHQL_VALIDATION_FAILED"],
    ["a fault elsewhere, and a block string", `password: """${canary}""", usrname: "x"`, "GRAPHQL_VALIDATION_FAILED"],
    ["a fault elsewhere, and digits", `password: "${digits}", dryRun: "${digits}"`, "GRAPHQL_VALIDATION_FAILED"],
  ])("is told where and how, and not what: %s in the document", async (_, field, code) => {
    const faults = await faultsOf(
      `mutation { provisionAccount(input: { email: "a@example.com", ${field} }) { outcome } }`,
    );
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) {
      expect(fault).toEqual({ code, message: expect.stringMatching(/ at line 1, column \d+/) });
    }
  });

  it.each([
    ["a number", { email: "a@example.com", password: Number(digits) }],
    ["an object", { email: "a@example.com", password: { s: canary } }],
    ["a list", { email: "a@example.com", password: [canary] }],
    ["a field that is misspelt", { email: "a@example.com", password: canary, usrname: "x" }],
    ["a field that is misspelt itself", { email: "a@example.com", pasword: canary }],
    ["a field that is missing", { password: canary }],
    ["JSON within JSON", JSON.stringify({ password: canary })],
  ])("is told which variable and where, and no value: %s in the variables", async (_, input) => {
    const document =
      "mutation Provision($input: ProvisionAccountInput!) { provisionAccount(input: $input) { outcome } }";
    expect(await faultsOf(document, { input })).toEqual([
      {
        code: "BAD_USER_INPUT",
        message: expect.stringMatching(/^Variable "\$input" got an invalid value at line 1, column \d+\. Nothing/),
      },
    ]);
  });

  it.each([
    ["an object", "String", { s: canary }],
    ["a number", "String", Number(digits)],
    ["a list", "String", [canary]],
    ["a text for a number", "Int", canary],
  ])("is told the variable alone where it is the password: %s", async (_, type, pw) => {
    const field = type === "Int" ? "first: $pw" : "password: $pw";
    const document =
      type === "Int"
        ? `query Q($pw: Int) { accounts(${field}) { nodes { username } } } # password`
        : `mutation M($pw: String) { provisionAccount(input: { email: "a@example.com", ${field} }) { outcome } }`;
    const faults = await faultsOf(document, { pw });
    expect(faults).toEqual([
      { code: "BAD_USER_INPUT", message: expect.stringMatching(/^Variable "\$pw" got an invalid value/) },
    ]);
  });

  it("is no fault of ours where a variable beside it is null, and is not logged as one", async () => {
    const faults = await faultsOf(
      `mutation M($email: String = "x") { provisionAccount(input: { email: $email, password: "${canary}" }) { outcome } }`,
      { email: null },
    );
    expect(faults).toEqual([
      { code: "BAD_USER_INPUT", message: expect.stringContaining('Argument "input" has no valid') },
    ]);
  });

  it("is refused as no JSON without a word of it", async () => {
    const response = await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"query": "{ __typename }", "variables": {"password": "${canary}" "x"}}`,
    });
    expect(response.status).toBe(400);
    expect(`${await response.text()}${stack.logLines.join()}`).not.toContain(canary);
  });
});
