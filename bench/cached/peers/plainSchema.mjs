import { readFileSync } from "node:fs";
import { buildASTSchema, parse } from "graphql";

/** What the peers serve: answers of our server, as plain objects, and under which id each account is asked for. */
export function readAnswers() {
  const { questions, accountIds } = JSON.parse(readFileSync(process.env.BENCH_ANSWERS, "utf8"));
  const dataOf = (name) => questions.find((question) => question.name === name).data;
  const byAccountId = new Map(dataOf("entities")._entities.map((account) => [account.accountId, account]));
  return {
    questions,
    grants: dataOf("grants").grants.nodes,
    spaces: dataOf("spaces").spaces.nodes,
    accountsById: new Map(Object.entries(accountIds).map(([id, accountId]) => [id, byAccountId.get(accountId)])),
  };
}

const federation = `
  scalar _Any
  union _Entity = Account | Group | Space | Grant
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
`;

/** Our own schema over plain objects: the roots look them up, and everything below is a property. */
export function plainSchema({ grants, spaces, accountsById }) {
  const sdl = readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8");
  const schema = buildASTSchema(parse(`${sdl}\n${federation}`), { assumeValid: true, assumeValidSDL: true });
  const roots = schema.getQueryType().getFields();
  roots.grants.resolve = (_source, { first }) => ({ nodes: grants.slice(0, first) });
  roots.spaces.resolve = (_source, { first }) => ({ nodes: spaces.slice(0, first) });
  roots._entities.resolve = (_source, { representations }) => representations.map(({ id }) => accountsById.get(id));
  return schema;
}
