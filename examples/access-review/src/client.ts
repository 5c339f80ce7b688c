import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import unions from "./generated/possibleTypes.ts";

declare module "@apollo/client" {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: "all";
      }
      interface Mutate {
        errorPolicy: "all";
      }
    }
  }
}

/**
 * A normalised cache, which keeps one copy of each account, group, space and grant, and puts the pages of a list together.
 * Putting together, it makes an empty list of one that is null because it could not be read: so ask for `completeness` beside
 * every list, and say of an empty one what that says.
 */
export function createClient(uri: string, token: string | null): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri, headers: token === null ? {} : { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache({
      possibleTypes: unions.possibleTypes,
      typePolicies: {
        // One list for each filter and order, however many pages of it there are.
        Query: { fields: { spaces: relayStylePagination(["siteId", "filter"]) } },
        Space: { fields: { effectiveAccess: relayStylePagination(["filter", "orderBy"]) } },
      },
    }),
    defaultOptions: {
      // What was answered is shown beside what failed. Without this an error takes the whole answer away.
      watchQuery: { errorPolicy: "all" },
      mutate: { errorPolicy: "all" },
    },
  });
}
