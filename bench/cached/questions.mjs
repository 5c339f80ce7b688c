/** The three questions whose cached answers are compared, as rows of the table. */
import { ask } from "../reading/ask.mjs";

const grants = `query Grants { grants(first: 1000, filter: { entitlements: [SPACE_PERMISSION] }) { nodes { id
  principal { __typename ... on Account { accountId displayName } ... on Group { groupId name } ... on AccessClass { name } }
  permissions { operation target }
  resource { __typename ... on Space { spaceId key name } } } } }`;
const spaces = "query Spaces { spaces(first: 5) { nodes { spaceId key name } } }";
const entities = `query Entities($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Account { accountId displayName kind } } }`;

/**
 * Asks our server once for each, so that all who are compared have the same to say: `data` is what they serve, and `variables`
 * name what is in it.
 */
export async function collectQuestions(url) {
  const { data: known } = await ask(url, "{ accounts(first: 250) { nodes { id accountId } } }");
  const accounts = known.accounts.nodes;
  const representations = accounts.map(({ id }) => ({ __typename: "Account", id }));
  const asked = [
    { name: "grants", title: "1,000 grants with principal, permissions, space", query: grants, variables: {} },
    { name: "spaces", title: "5 spaces, 3 fields", query: spaces, variables: {} },
    { name: "entities", title: "_entities of 250 accounts", query: entities, variables: { representations } },
  ];
  const questions = [];
  for (const question of asked) {
    const { data, bytes } = await ask(url, question.query, question.variables);
    questions.push({ ...question, data, bytes });
  }
  return { questions, accountIds: Object.fromEntries(accounts.map(({ id, accountId }) => [id, accountId])) };
}
