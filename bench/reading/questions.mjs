/** Two questions that join lists, as the server answers them: their calls are promises. */
export const joins = {
  members: {
    title: "25 groups, their members, and the groups of those",
    query: `{ groups(first: 25) { nodes { groupId members(first: 1000) { nodes { accountId
      groups(first: 200) { nodes { groupId } } } } } } }`,
    // A page of groups, and every page of members: they are turned round.
    calls: 226,
    rows: ({ groups }) => sum(groups.nodes.map(({ members }) => members.nodes.length)),
    expectedRows: 1_427,
  },
  grants: {
    title: "25 spaces, their grants, and whose they are",
    query: `{ spaces(first: 25) { nodes { spaceId grants(first: 100) { nodes { principal { __typename
      ... on Account { accountId displayName } ... on Group { groupId name } } } } } } }`,
    // A page of spaces, one of grants of each, a page of groups, and 250 accounts a call.
    calls: 29,
    rows: ({ spaces }) => sum(spaces.nodes.map(({ grants }) => grants.nodes.length)),
    expectedRows: 848,
  },
};

function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}
