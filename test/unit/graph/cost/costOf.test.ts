import { getIntrospectionQuery, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { exampleQueries } from "../../../../src/compose/exampleQueries.js";
import { CostBudget } from "../../../../src/graph/cost/CostBudget.js";
import { costOf } from "../../../../src/graph/cost/costOf.js";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";

const { schema } = buildGraphSchema();
const maxCost = 2_000_000;

function cost(document: string, variables: Readonly<Record<string, unknown>> = {}): number {
  return costOf(schema, parse(document), null, variables)?.cost ?? Number.NaN;
}

const list = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

describe("the cost of an operation", () => {
  it("grows with the page, the fields and the aliases", () => {
    const one = cost("{ grants(first: 100) { nodes { id } } }");
    const overhead = cost("{ grants(first: 0) { nodes { id } } }");
    expect(cost("{ grants(first: 1000) { nodes { id } } }") - overhead).toBe((one - overhead) * 10);
    expect(cost("{ grants(first: 100) { nodes { id siteId asOf } } }") - one).toBe(200);
    expect(cost("{ a: grants(first: 100) { nodes { id } } b: grants(first: 100) { nodes { id } } }")).toBe(one * 2);
  });

  it("takes page sizes and references from variables, and their defaults", () => {
    const document = "query ($n: Int = 10) { grants(first: $n) { nodes { id } } }";
    expect(cost(document)).toBe(cost("{ grants(first: 10) { nodes { id } } }"));
    expect(cost(document, { n: 500 })).toBe(cost("{ grants(first: 500) { nodes { id } } }"));
    const likeWhatAllObjectsHave = "query ($constructor: Int = 500) { grants(first: $constructor) { nodes { id } } }";
    expect(cost(likeWhatAllObjectsHave)).toBe(cost(document, { n: 500 }));
    const entities = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { id } } }";
    const references = (count: number) => ({ r: Array.from({ length: count }, () => ({})) });
    expect(cost(entities, references(10_000)) / cost(entities, references(1_000))).toBeCloseTo(10, 1);
  });

  it("grows with the lists that arguments hold: in the document, in variables, in what is preset; for each field that has them", () => {
    const ids = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`);
    const plain = cost("{ grants(first: 1) { totalCount } }");
    const written = `{ grants(first: 1, filter: { principals: ${JSON.stringify(ids(100))} }) { totalCount } }`;
    const each = (cost(written) - plain) / 100;
    expect(each).toBeGreaterThanOrEqual(10);
    const filters: readonly (readonly [string, object])[] = [
      ["query ($p: [ID!]) { grants(first: 1, filter: { principals: $p }) { totalCount } }", { p: ids(100) }],
      ["query ($f: GrantFilter) { grants(first: 1, filter: $f) { totalCount } }", { f: { principals: ids(100) } }],
      [
        `query ($f: GrantFilter = { principals: ${JSON.stringify(ids(100))} }) { grants(first: 1, filter: $f) { totalCount } }`,
        {},
      ],
      [
        `query ($p: [ID!] = ${JSON.stringify(ids(100))}) { grants(first: 1, filter: { principals: $p }) { totalCount } }`,
        {},
      ],
    ];
    for (const [document, variables] of filters) expect(cost(document, { ...variables })).toBe(cost(written));
    const many = `query ($p: [ID!]) { ${list(500, (at) => `a${at}: grants(first: 1, filter: { principals: $p }) { totalCount }`)} }`;
    expect(cost(many, { p: ids(1_000) })).toBeGreaterThan(maxCost);
    // A list that has a price for each of its things has no second one.
    const entities = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }";
    expect(cost(entities, { r: ids(100) }) - cost(entities, { r: [] })).toBeLessThan(each * 100);
  });

  it("bounds each list of a filter, and says so", () => {
    const ids = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`);
    const document = parse("query ($p: [ID!]) { grants(first: 1, filter: { principals: $p }) { totalCount } }");
    const admit = (count: number) => {
      const estimate = costOf(schema, document, null, { p: ids(count) });
      if (estimate !== null) new CostBudget({ maxCost, maxResponseBytes: 1e9, maxReferences: 10_000 }).admit(estimate);
    };
    expect(() => admit(1_000)).not.toThrow();
    expect(() => admit(1_001)).toThrow(/holds 1,001 values; at most 1,000/);
  });

  it("of one document asked again is worked out by the variables it is asked with", () => {
    const document = parse(
      "query ($n: Int, $more: Boolean! = false) { grants(first: $n) { nodes { id asOf @include(if: $more) } } }",
    );
    const of = (variables: Readonly<Record<string, unknown>>) => costOf(schema, document, null, variables)?.cost;
    const few = of({ n: 10 });
    expect(of({ n: 500 })).toBe(cost("{ grants(first: 500) { nodes { id } } }"));
    expect(of({ n: 500, more: true })).toBe(cost("{ grants(first: 500) { nodes { id asOf } } }"));
    expect(of({ n: 10 })).toBe(few);
  });

  it("counts fields of one response name once, through fragments too", () => {
    const fragments = "fragment A on Grant { id asOf } fragment B on Grant { id asOf site { id } }";
    expect(cost(`{ grants { nodes { ...A ...B ...A id site { id name } } } } ${fragments}`)).toBe(
      cost("{ grants { nodes { id asOf site { id name } } } }"),
    );
  });

  it("takes of a union the member that costs most", () => {
    const account = "... on Account { id displayName email }";
    const group = "... on Group { id }";
    const of = (inner: string) => cost(`{ grants { nodes { principal { ${inner} } } } }`);
    expect(of(`${account} ${group}`)).toBe(of(account));
  });

  it("leaves out what a condition leaves out", () => {
    const document =
      "query ($more: Boolean!) { grants { nodes { id site @include(if: $more) { id } asOf @skip(if: $more) } } }";
    expect(cost(document, { more: false })).toBe(cost("{ grants { nodes { id asOf } } }"));
    expect(cost(document, { more: true })).toBe(cost("{ grants { nodes { id site { id } } } }"));
  });

  it("is as great where fragments are too entangled to be merged", () => {
    const fields = list(300, (at) => `b${at}: id`);
    const freeze = `{ ${list(240, (at) => `a${at}: grants(first: 1000) { nodes { ...f } }`)} } fragment f on Grant { ${fields} }`;
    expect(cost(freeze)).toBe(240 * cost(`{ grants(first: 1000) { nodes { ${fields} } } }`));
  });

  it("of fragments that double each other is found at once, and is finite", () => {
    const bomb = (at: number) =>
      `fragment f${at} on Account { a: personalSpace { owner { ...f${at + 1} } } b: personalSpace { owner { ...f${at + 1} } } }`;
    expect(cost(`{ account(id: "x") { ...f0 } } ${list(60, bomb)} fragment f60 on Account { id }`)).toBeGreaterThan(
      2 ** 60,
    );
    const plain = (at: number) => `fragment f${at} on Account { ...f${at + 1} ...f${at + 1} }`;
    expect(cost(`{ account(id: "x") { ...f0 } } ${list(500, plain)} fragment f500 on Account { id }`)).toBe(
      cost('{ account(id: "x") { id } }'),
    );
  });

  it("counts the bytes of aliases in every row", () => {
    const { bytes = 0 } =
      costOf(schema, parse(`{ grants(first: 1000) { nodes { ${"a".repeat(5_000)}: id } } }`), null, {}) ?? {};
    expect(bytes).toBeGreaterThan(5_000_000);
  });

  it("is within the bound for what people ask: the examples, introspection, 1,000 rows with everything, 10,000 references", () => {
    const grant = `id siteId asOf site { id name } isRevocable irrevocableReason permissions { operation target }
      principal { ... on Account { id username displayName kind status email isLicensed givenName familyName department lastActiveAt }
        ... on Group { id name managedBy usage } ... on AccessClass { id name } }
      resource { ... on Space { id key name kind status createdAt homepageUrl } ... on Group { id name } }
      entitlement { ... on SpaceRoleAssignment { role { id name permissions { operation target } } } }`;
    const usual = [
      ...exampleQueries.map(({ query }) => query),
      getIntrospectionQuery(),
      `{ grants(first: 1000) { nodes { ${grant} } edges { cursor } totalCount completeness { isComplete gaps { code } } } }`,
      `{ spaces { nodes { key grants { nodes { ${grant} } } } } }`,
    ];
    for (const document of usual) expect(cost(document), document).toBeLessThan(maxCost / 1.4);
    const references = { r: Array.from({ length: 10_000 }, () => ({})) };
    const wanted = "id displayName email status kind isLicensed lastActiveAt department jobTitle roles { name }";
    expect(
      cost(`query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { ${wanted} } } }`, references),
    ).toBeLessThan(maxCost / 2);
  });

  it("tells how many fields a document comes to, however many objects have them, and refuses too many to be planned", () => {
    const spread = (count: number) =>
      `{ ${list(count, (at) => `a${at}: site(id: "x") { ...f }`)} } fragment f on Site { ${list(99, (at) => `b${at}: siteId`)} }`;
    const placesOf = (document: string) => costOf(schema, parse(document), null, {})?.places;
    expect(placesOf(spread(50))).toBe(5_000);
    expect(placesOf("{ grants(first: 1000) { nodes { id siteId } } }")).toBe(4);
    const admit = (document: string) => () => {
      const cost = costOf(schema, parse(document), null, {});
      if (cost) new CostBudget({ maxCost, maxResponseBytes: 1e9, maxReferences: 10 }).admit(cost);
    };
    expect(admit(spread(100))).not.toThrow();
    expect(admit(spread(101))).toThrow("comes to 10,100 fields where its fragments are spread; at most 10,000");
  });

  it("is null where the document has no such operation", () => {
    expect(costOf(schema, parse("query A { sites { id } }"), "B", {})).toBeNull();
  });
});
