import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

/** Names that are on every object, and types that are no entities. */
const noEntities = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "Query",
  "Gap",
  "_Any",
  "_Entity",
  "String",
];
const noReferences = [
  "{}",
  "{ __typename: 7 }",
  '{ __typename: "" }',
  '"Account"',
  "7",
  "true",
  '[{ __typename: "Grant" }]',
];

describe("references that are none, asked of the built server with nothing set for rejections", () => {
  let server: ServerProgram;
  beforeAll(async () => {
    server = await startServerProgram();
  });
  afterAll(() => server.dispose());

  it("leave it alive after a reference that rejects and one of an unknown type, each null with its error", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { data, errors } = await server.query(
        '{ _entities(representations: [{ __typename: "Grant" }, { __typename: "X" }]) { __typename } }',
      );
      expect(data).toEqual({ _entities: [null, null] });
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [["_entities", 0], "BAD_USER_INPUT"],
        [["_entities", 1], "BAD_USER_INPUT"],
      ]);
    }
    expect((await server.query("{ __typename }")).data).toEqual({ __typename: "Query" });
  });

  it("are null with their error at their path, beside those that are answered", async () => {
    const bad = [...noEntities.map((name) => `{ __typename: "${name}", id: "x" }`), ...noReferences];
    const good = '{ __typename: "Site", siteId: "sandbox-cloud" }';
    const { data, errors } = await server.query(
      `{ _entities(representations: [${[good, ...bad, good].join(", ")}]) { __typename ... on Site { siteId } } }`,
    );
    const site = { __typename: "Site", siteId: "sandbox-cloud" };
    expect(data._entities).toEqual([site, ...bad.map(() => null), site]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.reason])).toEqual(
      bad.map((_, index) => [["_entities", index + 1], "BAD_USER_INPUT", "INVALID_REFERENCE"]),
    );
  });

  it("are the same in variables", async () => {
    const bad = [
      { __typename: "constructor" },
      { __typename: { toString: "Site" } },
      { __typename: "Site", siteId: ["sandbox-cloud"] },
      { __typename: "Account", siteId: "sandbox-cloud", accountId: "" },
      ...[12, "text", [], true],
    ];
    const { data, errors } = await server.query(
      "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
      { r: bad },
    );
    expect(data._entities).toEqual(bad.map(() => null));
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual(
      bad.map((_, index) => [["_entities", index], "BAD_USER_INPUT"]),
    );
  });
});
