import { InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import possible from "../../generated/possibleTypes.js";

export const createApolloCache = () =>
  new InMemoryCache({
    possibleTypes: possible.possibleTypes,
    typePolicies: {
      // The arguments that make another list; pages of one list are put together.
      Query: { fields: { grants: relayStylePagination(["siteId", "filter"]) } },
      Space: { fields: { grants: relayStylePagination(["filter"]) } },
    },
  });
