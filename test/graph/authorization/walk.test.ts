import {
  type GraphQLField,
  type GraphQLInputType,
  GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from "graphql";
import { describe, expect, it } from "vitest";
import { boundless, Caller, unboundedCaller } from "../../../src/callers/Caller.js";
import { heldScopes, type Scope, scopes } from "../../../src/domain/Scope.js";
import { knownCoordinates, needsOf } from "../../../src/graph/schema/authorization/needs.js";
import { walkOperation } from "../../../src/graph/schema/authorization/walkOperation.js";
import { buildGraphSchema } from "../../../src/graph/schema/buildGraphSchema.js";

const { schema } = buildGraphSchema();
const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
const objects = own.filter(isObjectType);
const inputs = own.filter(isInputObjectType);

/** What the issuer of scopes promises, said a second time and in another way than the table says it. */
const personal = new Set(["Account.email", "Account.givenName", "Account.familyName", "Account.lastActiveAt"]);
for (const each of ["Identity.email", "AccountInvitation.email"]) personal.add(each);
const personalInputs = new Set(["Query.identity(email)", "AccountFilter.emails", "ProvisionAccountInput.email"]);
personalInputs.add("UpdateAccountInput.email");
const ofRecord = /^(?:Change|ChangeConnection|ChangeEdge|ChangeRequest|ChangeSubject|Record\w+|SiteRecord)$/;
const toRecord = /^(?:Query\.(?:change|changes|changeRequest|recordEntries)|Site\.record|UndoPayload\.undone)$/;
const shownWithChange = /^(?:principal|resource|grants|otherRole|residualAccess|account|group|groups|preview)$/;
const lifecycle = /^(?:\w+Account|createGroup|deleteGroup)$/;

function scopesWanted(type: string, field: string): readonly Scope[] {
  const coordinate = `${type}.${field}`;
  if (type === "Mutation") {
    return field === "undo" ? ["grant", "lifecycle"] : [lifecycle.test(field) ? "lifecycle" : "grant"];
  }
  if (personal.has(coordinate)) return ["read:personal"];
  if (toRecord.test(coordinate)) return ["audit"];
  if (ofRecord.test(type)) return /^(?:site|account|group|space)$/.test(field) ? ["read"] : ["audit"];
  const isOfChange = /Payload$|^AccessChange$|^AccountInvitation$|^AccountRemoval$/.test(type);
  if (isOfChange) return shownWithChange.test(field) ? ["read"] : [];
  return /^(?:_Service|PolicyAnswer|PageInfo|UserError|Gap|Completeness)$/.test(type) || field === "_service"
    ? []
    : ["read"];
}

interface Step {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The shortest way to each type from a root, breadth first. */
function waysToTypes(): ReadonlyMap<string, readonly Step[]> {
  const ways = new Map<string, readonly Step[]>([
    ["Query", []],
    ["Mutation", []],
  ]);
  for (const name of ways.keys()) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLObjectType)) continue;
    for (const field of Object.values(type.getFields())) {
      for (const target of objectsOf(field.type)) {
        if (!ways.has(target.name)) ways.set(target.name, [...(ways.get(name) ?? []), { type, field }]);
      }
    }
  }
  return ways;
}

function objectsOf(output: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(output);
  return isAbstractType(named) ? schema.getPossibleTypes(named) : isObjectType(named) ? [named] : [];
}

/** A value of an input type with what it must have, and `given` at a path of input fields. */
function literal(type: GraphQLInputType, given: readonly string[] = []): string {
  if (isNonNullType(type)) return literal(type.ofType, given);
  if (isListType(type)) return `[${literal(type.ofType, given)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? "";
  if (isInputObjectType(type)) {
    const [wanted, ...rest] = given;
    const fields = Object.values(type.getFields()).filter(
      (field) => field.name === wanted || (isNonNullType(field.type) && field.defaultValue === undefined),
    );
    const parts = fields.map((field) => `${field.name}: ${literal(field.type, field.name === wanted ? rest : [])}`);
    return `{ ${parts.join(", ")} }`;
  }
  switch (getNamedType(type).name) {
    case "Int":
      return "1";
    case "Boolean":
      return "true";
    case "_Any":
      return '{ __typename: "Site", id: "x" }';
    case "DateTime":
      return '"2026-01-01T00:00:00Z"';
    default:
      return '"x"';
  }
}

function argumentsOf(field: Step["field"], given: { readonly arg: string; readonly path: readonly string[] } | null) {
  const args = field.args.filter(
    (arg) => arg.name === given?.arg || (isNonNullType(arg.type) && arg.defaultValue === undefined),
  );
  if (args.length === 0) return "";
  return `(${args.map((arg) => `${arg.name}: ${literal(arg.type, arg.name === given?.arg ? given.path : [])}`).join(", ")})`;
}

/** A document that asks for a field by a way to its type. */
function documentOf(way: readonly Step[], last: Step, given: Parameters<typeof argumentsOf>[1] = null): string {
  const leaf = objectsOf(last.field.type).length === 0 ? "" : " { __typename }";
  const inner = `${last.field.name}${argumentsOf(last.field, given)}${leaf}`;
  let text = inner;
  let below: GraphQLObjectType = last.type;
  for (const { type, field } of [...way].reverse()) {
    const inside = isAbstractType(getNamedType(field.type)) ? `... on ${below.name} { ${text} }` : text;
    text = `${field.name}${argumentsOf(field, null)} { ${inside} }`;
    below = type;
  }
  return `${below.name === "Mutation" ? "mutation" : "query"} { ${text} }`;
}

function callerOf(...held: readonly Scope[]): Caller {
  return new Caller({ name: "walker", scopes: heldScopes(held), accounts: [], limits: boundless });
}

/** Nobody, each scope alone, and all but each. */
const callers = [
  { held: [] as Scope[] },
  ...scopes.map((scope) => ({ held: [scope] })),
  ...scopes.map((scope) => ({ held: scopes.filter((each) => each !== scope) })),
  { held: [...scopes] },
].map(({ held }) => ({ held: new Set<Scope>(held), caller: callerOf(...held) }));

function refusedIn(caller: Caller, text: string, variables: Record<string, unknown> = {}): string[] {
  return refusedBy(operationOf(text), caller, variables);
}

function operationOf(text: string) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error(`No operation: ${text}`);
  return { schema, document, operation };
}

function refusedBy(
  operation: ReturnType<typeof operationOf>,
  caller: Caller,
  variables: Record<string, unknown> = {},
): string[] {
  const { refused } = walkOperation(caller, { ...operation, variables });
  return refused.map(({ node, scope }) => `${node.name.value}: ${scope}`);
}

const ways = waysToTypes();
const reach = (type: GraphQLObjectType): readonly Step[] => {
  const way = ways.get(type.name);
  if (way === undefined) throw new Error(`No way leads to ${type.name}.`);
  return way;
};
describe("the table of scopes", () => {
  it("knows every field, argument and input field of the schema, and nothing else", () => {
    const fields = [...objects, ...own.filter(isInterfaceType), ...inputs].flatMap((type) =>
      Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
    );
    expect(fields.length).toBeGreaterThan(600);
    expect(knownCoordinates().sort()).toEqual(fields.sort());
    for (const type of objects) {
      for (const field of Object.values(type.getFields())) {
        const known = [...(needsOf(type.name, field.name)?.args.keys() ?? [])];
        expect([type.name, field.name, known]).toEqual([type.name, field.name, field.args.map(({ name }) => name)]);
      }
    }
  });

  it("asks for exactly the scope of each field, whatever else the caller holds", () => {
    const wrong: object[] = [];
    let compared = 0;
    for (const type of objects) {
      for (const field of Object.values(type.getFields())) {
        const way = [...reach(type), { type, field }];
        const text = documentOf(way.slice(0, -1), { type, field });
        const operation = operationOf(text);
        expect([text, ...validate(schema, operation.document)]).toEqual([text]);
        for (const { held, caller } of callers) {
          const first = way.find((step) => lackingAt(step, held) !== null);
          const expected = first === undefined ? [] : [`${first.field.name}: ${lackingAt(first, held)}`];
          const refused = refusedBy(operation, caller);
          compared += 1;
          if (refused.join() !== expected.join()) wrong.push({ text, held: [...held], refused, expected });
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(500 * callers.length);
  });

  it("asks for read:personal where an address is given, in the document or by a variable, and not where none is", () => {
    const found: string[] = [];
    const wrong: object[] = [];
    for (const type of objects) {
      for (const field of Object.values(type.getFields())) {
        for (const arg of field.args) {
          for (const { path, name } of inputPaths(`${type.name}.${field.name}(${arg.name})`, arg.type)) {
            const text = documentOf(reach(type), { type, field }, { arg: arg.name, path });
            const isPersonal = personalInputs.has(name);
            if (isPersonal) found.push(`${type.name}.${field.name} ${name}`);
            const wanted = field.args.some(({ type: each }) => literal(each).includes("email:") && isNonNullType(each));
            const refused = refusedIn(callerOf(...scopes.filter((scope) => scope !== "read:personal")), text);
            // What became of an account is reached by the address that it was asked for with.
            const onTheWay = type.name === "ProvisionAccountPayload" ? ["provisionAccount: read:personal"] : [];
            const expected = [...onTheWay, ...(isPersonal || wanted ? [`${field.name}: read:personal`] : [])];
            if (refused.join() !== expected.join()) wrong.push({ text, refused, expected });
            if (refusedIn(callerOf(...scopes), text).length > 0) wrong.push({ text });
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(found.sort()).toEqual(
      [
        "Group.members AccountFilter.emails",
        "Mutation.provisionAccount ProvisionAccountInput.email",
        "Mutation.updateAccount UpdateAccountInput.email",
        "Query.accounts AccountFilter.emails",
        "Query.identity Query.identity(email)",
        "Site.accounts AccountFilter.emails",
      ].sort(),
    );
  });

  it("sees an address in a variable, in a variable's default, and below a variable; null is none", () => {
    const reader = callerOf("read");
    const byVariable = "query ($filter: AccountFilter) { accounts(filter: $filter) { nodes { id } } }";
    expect(refusedIn(reader, byVariable, { filter: { emails: ["a@example.com"] } })).toEqual([
      "accounts: read:personal",
    ]);
    expect(refusedIn(reader, byVariable, { filter: { emails: null, text: "a" } })).toEqual([]);
    expect(refusedIn(reader, byVariable, {})).toEqual([]);
    const byDefault =
      'query ($filter: AccountFilter = { emails: "a@b.c" }) { accounts(filter: $filter) { nodes { id } } }';
    expect(refusedIn(reader, byDefault)).toEqual(["accounts: read:personal"]);
    const inside = "query ($emails: [String!]) { accounts(filter: { emails: $emails }) { nodes { id } } }";
    expect(refusedIn(reader, inside, { emails: [] })).toEqual(["accounts: read:personal"]);
    expect(refusedIn(reader, inside)).toEqual([]);
  });

  it("finds what is hidden in fragments and under other names, once each, and lets be what is skipped", () => {
    const text = `query ($no: Boolean = false) {
      first: accounts { nodes { ...names } } second: accounts { edges { node { ...names, given: givenName @include(if: $no) } } }
      grants { nodes { principal { __typename ... on Account { mail: email } } } }
      __schema { types { name } } __typename
    }
    fragment names on Account { id displayName ...more }
    fragment more on Account { address: email lastActiveAt @skip(if: true) }`;
    expect(refusedIn(callerOf("read"), text)).toEqual(["email: read:personal", "email: read:personal"]);
    expect(refusedIn(callerOf("read"), text, { no: true })).toHaveLength(3);
    expect(refusedIn(callerOf(), text)).toEqual(["accounts: read", "accounts: read", "grants: read"]);
    expect(refusedIn(unboundedCaller("anyone"), text)).toEqual([]);
  });

  it("sees what is given by default for a variable that is called like what all objects have", () => {
    const text = `query ($constructor: AccountFilter = { emails: ["a@example.com"] }) {
      accounts(filter: $constructor) { totalCount }
    }`;
    expect(refusedIn(callerOf("read"), text)).toEqual(["accounts: read:personal"]);
  });

  it("walks fragments that spread each other twice in the time of their length", () => {
    const count = 40;
    const fragments = Array.from({ length: count }, (_, at) =>
      at === count - 1
        ? `fragment f${at} on Account { email }`
        : `fragment f${at} on Account { ...f${at + 1} ... on Account { ...f${at + 1} } }`,
    );
    const document = parse(`{ accounts { nodes { ...f0 } } } ${fragments.join("\n")}`);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error("A document without an operation.");
    expect(walkOperation(callerOf("read"), { schema, document, operation, variables: {} }).refused).toHaveLength(1);
  });
});

/** What is lacking at a step: its own scope, or the one for an address that it cannot be asked for without. */
function lackingAt({ type, field }: Step, held: ReadonlySet<Scope>): Scope | null {
  const wanted = scopesWanted(type.name, field.name);
  if (wanted.length > 0 && !wanted.some((scope) => held.has(scope))) return wanted[0] ?? null;
  const givesAddress = type.name === "Mutation" && field.name === "provisionAccount";
  return givesAddress && !held.has("read:personal") ? "read:personal" : null;
}

/** Every path of input fields below an argument, with the name of its last coordinate. */
function inputPaths(
  argument: string,
  type: GraphQLInputType,
): readonly { readonly path: readonly string[]; readonly name: string }[] {
  const below = (input: GraphQLInputType, path: readonly string[]): { path: readonly string[]; name: string }[] => {
    const named = getNamedType(input);
    if (!isInputObjectType(named)) return [];
    return Object.values(named.getFields()).flatMap((field) => [
      { path: [...path, field.name], name: `${named.name}.${field.name}` },
      ...below(field.type, [...path, field.name]),
    ]);
  };
  return [{ path: [], name: argument }, ...below(type, [])];
}
