/** The site of `bench/lists.mjs`, in a process of its own: what it takes to answer is no stall of the server. */
import { parseWorld, startSandbox } from "confluence-access-graph-sandbox";

const size = JSON.parse(process.argv[2]);
const person = (number) => `712020:human-${String(number).padStart(6, "0")}`;
const times = (count, make) => Array.from({ length: count }, (_, at) => make(at));
const operations = ["read/space", "create/page", "update/page", "create/comment", "administer/space"];

const row = (type, id, operation) => {
  const [key, targetType] = operation.split("/");
  return { principal: { type, id }, operation: { key, targetType } };
};

const world = {
  cloud: {
    cloudId: "11111111-2222-3333-4444-555555555555",
    mode: "PRE_ROLES",
    accounts: times(size.accounts, (at) => ({
      ...{ accountId: person(at), accountType: "atlassian", accountStatus: "active" },
      ...{ displayName: `Human ${at}`, email: null },
    })),
    groups: times(size.groups, (group) => ({
      id: `group-${group}`,
      name: `Group ${group}`,
      members: times(size.membersOfGroup, (at) => person((group * 37 + at * 13) % size.accounts)),
    })),
    spaces: times(size.spaces, (space) => ({
      ...{ id: String(1_000 + space), key: `S${space}`, name: `Space ${space}`, type: "global", status: "current" },
      ...{ authorId: person(0), createdAt: "2026-01-01T00:00:00.000Z", roleAssignments: [] },
      permissions: times(size.grantsOfSpace, (at) => {
        const operation = operations[at % operations.length];
        const holder = Math.floor(at / operations.length);
        return holder < 2
          ? row("group", `group-${(space * 7 + holder * 11) % size.groups}`, operation)
          : row("user", person((space * 17 + holder * 101) % size.accounts), operation);
      }),
    })),
    roles: [],
  },
};

const sandbox = await startSandbox({ world: parseWorld(world) });
process.once("disconnect", () => process.exit());
process.send({ url: sandbox.url, credential: sandbox.credential });
