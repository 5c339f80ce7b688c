import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import type { IntrospectionQuery } from "graphql";

/** What has no `id` is a part of what holds it; Graphcache warns at those that are not named. */
const parts = ["Completeness", "Gap", "GrantConnection", "GrantEdge", "Identity", "PageInfo", "Permission"];

export const createUrqlClient = (url: string, schema: IntrospectionQuery) =>
  new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema,
        keys: Object.fromEntries(parts.map((name) => [name, () => null])),
        resolvers: { Space: { grants: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
