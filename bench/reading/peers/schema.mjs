import { createServer } from "node:http";
import { buildSchema, graphql } from "graphql";

const schema = buildSchema(`
  type Query { groups(first: Int!): Groups  spaces(first: Int!): Spaces }
  type Groups { nodes: [Group!]! }
  type Group { groupId: ID!  name: String  members(first: Int!): Accounts }
  type Accounts { nodes: [Account!]! }
  type Account { accountId: ID!  displayName: String  groups(first: Int!): Groups }
  type Spaces { nodes: [Space!]! }
  type Space { spaceId: ID!  name: String  grants(first: Int!): Grants }
  type Grants { nodes: [Grant!]! }
  type Grant { principal: Principal }
  union Principal = Account | Group
`);

/**
 * Resolvers as they are written first: each field asks for what it needs where it needs it, page after page. `get` is how one
 * call is made.
 */
function rootValue(get) {
  const rowsOf = async (path, first) => {
    const rows = [];
    let next = path;
    while (next !== undefined && rows.length < first) {
      const page = await get(next);
      rows.push(...page.results);
      next = page._links?.next;
      if (next?.startsWith("/rest")) next = `/wiki${next}`;
    }
    return rows.slice(0, first);
  };
  const account = (accountId, row) => ({
    __typename: "Account",
    accountId,
    displayName: async () =>
      (row ?? (await get(`/wiki/rest/api/user?accountId=${encodeURIComponent(accountId)}`))).displayName,
    groups: async ({ first }) => {
      const path = `/wiki/rest/api/user/memberof?accountId=${encodeURIComponent(accountId)}&limit=200`;
      return { nodes: (await rowsOf(path, first)).map(({ id, name }) => group(id, name)) };
    },
  });
  const group = (groupId, name) => ({
    __typename: "Group",
    groupId,
    name: async () => name ?? (await get(`/wiki/rest/api/group/by-id?id=${encodeURIComponent(groupId)}`)).name,
    members: async ({ first }) => {
      const path = `/wiki/rest/api/group/${groupId}/membersByGroupId?limit=200`;
      return { nodes: (await rowsOf(path, first)).map((row) => account(row.accountId, row)) };
    },
  });
  const principalOf = ({ type, id }) => (type === "group" ? group(id) : account(id));
  const space = ({ id, name }) => ({
    spaceId: id,
    name,
    grants: async ({ first }) => ({
      nodes: (await rowsOf(`/wiki/api/v2/spaces/${id}/permissions?limit=250`, first)).map(({ principal }) => ({
        principal: principalOf(principal),
      })),
    }),
  });
  return {
    groups: async ({ first }) => ({
      nodes: (await rowsOf(`/wiki/rest/api/group?limit=200`, first)).map(({ id, name }) => group(id, name)),
    }),
    spaces: async ({ first }) => ({ nodes: (await rowsOf("/wiki/api/v2/spaces?limit=250", first)).map(space) }),
  };
}

/** Serves them; `makeGet` makes the way in which one request calls. */
export function serveResolvers(makeGet) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.once("end", async () => {
      const { query } = JSON.parse(Buffer.concat(chunks).toString());
      const result = await graphql({ schema, source: query, rootValue: rootValue(makeGet()) });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(result));
    });
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(`READY http://127.0.0.1:${server.address().port}/\n`));
}
