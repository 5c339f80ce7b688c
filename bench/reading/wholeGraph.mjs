import { startOurs } from "../run/processes.mjs";
import { ask } from "./ask.mjs";

/** Everything in one operation. */
const question = `{
  groups(first: 200) { nodes { groupId name members(first: 300) { nodes { accountId displayName } } } }
  spaces(first: 500) { nodes { spaceId key name grants(first: 100) { nodes { id permissions { operation target }
    principal { __typename ... on Account { accountId displayName } ... on Group { groupId name } } } } } }
  accounts(first: 1000) { totalCount nodes { accountId displayName } }
}`;

export async function askForAll(url, headers = {}) {
  const { data, ms } = await ask(url, question, {}, headers);
  const { groups, spaces, accounts } = data;
  const count = (lists) => lists.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return {
    ms,
    memberships: count(groups.nodes.map(({ members }) => members)),
    grants: count(spaces.nodes.map(({ grants }) => grants)),
    accounts: accounts.totalCount,
  };
}

/** Everything by a server that has just started, then again from what it remembers. */
export async function readWholeGraph(site, lanes) {
  const ours = await startOurs(site, { CONFLUENCE_CONCURRENCY: String(lanes) });
  try {
    // A first small answer, so that connections and code are there: how a cold process does is measured by itself.
    await ask(ours.url, "{ sites { id } }");
    await site.forgetCalls();
    const cold = await askForAll(ours.url);
    const calls = await site.calls();
    await site.forgetCalls();
    const warm = await askForAll(ours.url);
    const warmCalls = await site.calls();
    return { cold, calls, warm, warmCalls, pid: ours.pid };
  } finally {
    await ours.stop();
  }
}
