import { buildSchema, type DocumentNode, parse, specifiedRules, type ValidationRule, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { limitDocuments } from "../../../src/graph/limits/limitDocuments.js";
import { tellFaults, ValidationInTurns } from "../../../src/server/operations/validateInTurns.js";
import { startTestServer } from "./startTestServer.js";

const schema = buildSchema("type Query { a(t: String): Query, b: String, c: String }");
const own: readonly ValidationRule[] = [limitDocuments];
const times = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

const messagesOf = (errors: readonly { readonly message: string }[]) => errors.map(({ message }) => message).sort();

/** As Apollo goes on afterwards. */
async function inTurns(document: DocumentNode) {
  const restore = await new ValidationInTurns(own, true).run(schema, document);
  const errors = validate(schema, document, [tellFaults, ...specifiedRules, ...own], { maxErrors: 25 });
  restore();
  return errors;
}

describe("a long document", () => {
  it.each([
    ["none", `{ ${times(10, (at) => `x${at}: b`)} }`],
    [
      "of all kinds",
      "query ($v: Int, $w: Nope) { nothing a(t: 1, u: 2) { b { c } } ...Missing } fragment F on Query { ...F }",
    ],
    ["of one kind, more than are told", `{ ${times(60, (at) => `nothing${at}`)} }`],
    ["too much to look at", `{ ${times(200, () => "b")} }`],
  ])("has the faults that it has in one go: %s", async (_faults, text) => {
    const document = parse(text);
    const whole = document.definitions;
    const errors = messagesOf(await inTurns(document));
    expect(errors).toEqual(messagesOf(validate(schema, parse(text), [...specifiedRules, ...own], { maxErrors: 25 })));
    // Refused for its size it holds nothing any more; else it is as it was.
    expect(document.definitions).toEqual(errors[0]?.includes("repeats too much") ? [] : whole);
  });

  it("lets others have their turn between the rules, and leaves Apollo nothing to go through", async () => {
    const document = parse(`{ ${times(100, (at) => `x${at}: b`)} }`);
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const restore = await new ValidationInTurns(own, true).run(schema, document);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(document.definitions).toEqual([]);
    restore();
    expect(document.definitions).toHaveLength(1);
  });

  it("leaves what Apollo does then to a turn of its own", async () => {
    let hasOthersHadTheirTurn = false;
    const noted: ValidationRule = () => ({
      Document: () => void setImmediate(() => (hasOthersHadTheirTurn = true)),
    });
    const faults = `{ ${times(60, (at) => `nothing${at}`)} }`;
    await new ValidationInTurns([noted, ...specifiedRules], true).run(schema, parse(faults));
    expect(hasOthersHadTheirTurn).toBe(true);
  });

  it("is answered, and again when it is known", async () => {
    const server = await startTestServer();
    const query = `{ ${times(400, (at) => `answer${at}: hello`)} }`;
    for (let time = 0; time < 2; time += 1) {
      const answer = (await (await server.post({ query })).json()) as { data: Record<string, string> };
      expect(Object.keys(answer.data)).toHaveLength(400);
    }
  });

  it("tells nothing of the schema where introspection is off", async () => {
    const server = await startTestServer({ config: { isIntrospectionOn: false } });
    const query = `{ ${times(400, (at) => `answer${at}: hello`)} __schema { queryType { name } } }`;
    for (let time = 0; time < 2; time += 1) {
      const answer = (await (await server.post({ query })).json()) as Record<string, unknown>;
      expect(answer.data).toBeUndefined();
      expect(JSON.stringify(answer.errors)).toContain("introspection");
    }
  });
});
