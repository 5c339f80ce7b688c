import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

/** What HR knows of one person. */
export interface Employee {
  readonly employeeNumber: string;
  readonly name: string;
  readonly department: string;
  /** The person's accounts on our sites, as HR's directory synchronization stored them. */
  readonly accountIds: readonly string[];
}

export const hrSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

  type Query { employees: [Employee!]! }

  type Employee @key(fields: "employeeNumber") {
    employeeNumber: ID!
    name: String!
    department: String!
    accounts: [Account]
  }

  type Account @key(fields: "siteId accountId") {
    siteId: ID!
    accountId: ID!
    employee: Employee
  }
`;

/** A tiny HR subgraph: it references our accounts by site and account id, and adds to each the person behind it. */
export async function startHrSubgraph(siteId: string, employees: readonly Employee[]) {
  /** Batches of account references that a gateway asked for. */
  const batches: number[] = [];
  let referencesInBatch = 0;
  const ownerOf = (accountId: unknown) =>
    employees.find(({ accountIds }) => accountIds.some((each) => each === accountId)) ?? null;
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(hrSdl),
      resolvers: {
        Query: { employees: () => employees },
        Employee: {
          accounts: ({ accountIds }: Employee) => accountIds.map((accountId) => ({ siteId, accountId })),
        },
        Account: {
          __resolveReference: (reference: Readonly<Record<string, unknown>>) => {
            if (referencesInBatch === 0) {
              setImmediate(() => {
                batches.push(referencesInBatch);
                referencesInBatch = 0;
              });
            }
            referencesInBatch += 1;
            return { ...reference };
          },
          employee: ({ accountId }: Readonly<Record<string, unknown>>) => ownerOf(accountId),
        },
      },
    },
  ]);
  const server = new ApolloServer({
    schema,
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
  return { url, batches, close: () => server.stop() };
}
