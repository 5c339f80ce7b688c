import { graphql } from "react-relay";

/** Who can do what in a space, a page at a time: a fragment as a component of Relay's brings it. */
export const spaceAccess = graphql`
  fragment SpaceAccess_space on Space
  @refetchable(queryName: "SpaceAccessPageQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 25 }
    after: { type: "String" }
    filter: { type: "EffectiveAccountFilter" }
  ) {
    name
    effectiveAccess(first: $first, after: $after, filter: $filter)
      @connection(key: "SpaceAccess_effectiveAccess", filters: ["filter"]) {
      allowedCount
      completeness {
        isComplete
        gaps {
          missing
          reason
        }
      }
      edges {
        decision
        node {
          displayName
        }
      }
    }
  }
`;

export const spaceAccessQuery = graphql`
  query SpaceAccessQuery($space: ID!) {
    space(id: $space) {
      ...SpaceAccess_space
    }
  }
`;
