import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dcGroups, dcUsers, granted, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { permissionsIn } from "./permissionsIn.js";
import { recordCalls } from "./recordCalls.js";

type Ids = ReturnType<typeof dataCenterIds>;
type SpaceName = Parameters<Ids["space"]>[0];
type Holder =
  | { readonly user: string; readonly name: string }
  | { readonly group: string }
  | { readonly accessClass: "anonymous-users" | "unlicensed" | "all-licensed-users" };

interface Case {
  readonly title: string;
  readonly space: SpaceName;
  readonly holder: Holder;
  readonly kind: "grant" | "revoke";
  readonly asked: readonly string[];
  readonly outcome: "CREATED" | "ALREADY_EXISTS" | "REMOVED" | "NOT_PRESENT" | "FAILED";
  /** What is sent and what changes, in this order. */
  readonly steps?: readonly string[];
  readonly code?: string;
  /** What is sent although it is refused, by way. */
  readonly refused?: Readonly<Record<Way, boolean>>;
}

type Way = "rest" | "rpc";
const versions: readonly (readonly [version: string, way: Way])[] = [
  ["8.3.0", "rpc"],
  ["9.2.0", "rest"],
  ["10.2.0", "rest"],
];

const cara = { user: dcUsers.cara, name: "cara" };
const ben = { user: dcUsers.ben, name: "ben" };
const jo = { user: dcUsers.jo, name: "jo/ops" };
const fay = { user: dcUsers.fay, name: "fay" };
const support = { user: dcUsers.support, name: "support" };
const goneUser = { user: dcUsers.gone, name: dcUsers.gone };
const nobody = { user: "2c95808300000000000000000000ffff", name: "nobody" };
const anonymous = { accessClass: "anonymous-users" } as const;
const unlicensed = { accessClass: "unlicensed" } as const;
const licensed = { accessClass: "all-licensed-users" } as const;

const [read, page, deletion, comment, administer] = [
  "read/space",
  "create/page",
  "delete/page",
  "create/comment",
  "administer/space",
];

function granting(
  title: string,
  space: SpaceName,
  holder: Holder,
  asked: readonly string[],
  end: Omit<Case, "title" | "space" | "holder" | "kind" | "asked">,
): Case {
  return { title, space, holder, kind: "grant", asked, ...end };
}

function revoking(...[title, space, holder, asked, end]: Parameters<typeof granting>): Case {
  return { title, space, holder, kind: "revoke", asked, ...end };
}

const created = (...steps: readonly string[]) => ({ outcome: "CREATED", steps }) as const;
const removed = (...steps: readonly string[]) => ({ outcome: "REMOVED", steps }) as const;
const there = { outcome: "ALREADY_EXISTS" } as const;
const absent = { outcome: "NOT_PRESENT" } as const;
const failed = (code: string) => ({ outcome: "FAILED", code }) as const;

const cases: readonly Case[] = [
  granting("a user who holds nothing", "ENG", cara, [administer, page], created(read, administer, page)),
  revoking("a user who holds nothing, its groups much", "ENG", cara, [read, page], absent),
  granting("a user of whose groups one holds it", "ENG", cara, [read, page], created(read, page)),
  granting("a group that holds nothing", "ENG", { group: dcGroups.c }, [page, read], created(read, page)),
  revoking("a group that holds nothing", "ENG", { group: dcGroups.c }, [read], absent),
  granting("anonymous users, who hold nothing", "ENG", anonymous, [comment], created(read, comment)),
  revoking("anonymous users, who hold nothing", "ENG", anonymous, [read], absent),

  granting("a user who holds it all", "ENG", fay, [read, deletion], there),
  revoking("a user who holds it all", "ENG", fay, [read, deletion], removed(deletion, read)),
  granting("a group that holds it all", "ENG", { group: dcGroups.a }, [page], there),
  revoking("a group that holds it all", "ENG", { group: dcGroups.a }, [read, page], removed(page, read)),
  granting("anonymous users, who hold it", "DOCS", anonymous, [read], there),
  revoking("anonymous users, who hold it", "DOCS", anonymous, [read], removed(read)),

  granting("a user who holds a part", "ENG", fay, [deletion, page], created(page)),
  revoking("a user who holds a part", "ENG", fay, [deletion, comment], removed(deletion)),
  granting("a group that holds a part", "ENG", { group: dcGroups.a }, [page, deletion], created(deletion)),
  revoking("a group that holds a part", "ENG", { group: dcGroups.a }, [comment, page], removed(page)),
  granting("anonymous users, who hold a part", "DOCS", anonymous, [read, comment], created(comment)),
  revoking("anonymous users, who hold a part", "DOCS", anonymous, [comment, read], removed(read)),

  granting("a user without read yet", "ENG", ben, [deletion], created(read, deletion)),
  granting("a user who lacks nothing but read", "ENG", jo, [page], created(read)),
  revoking("a user without read, whose name no path takes", "ENG", jo, [read, page], removed(page)),
  revoking("a user who keeps the rest without read", "ENG", fay, [read], removed(read)),
  granting("a user named like a group", "ENG", support, [page], created(read, page)),
  revoking("a user named like a group", "DOCS", support, [page], removed(page)),

  granting("unlicensed users, who hold something else", "DOCS", unlicensed, [page], failed("PRINCIPAL_NOT_SUPPORTED")),
  revoking("unlicensed users, who hold it", "DOCS", unlicensed, [read], failed("UNSUPPORTED")),
  revoking("unlicensed users, where nothing is listed", "ENG", unlicensed, [read], failed("UNSUPPORTED")),
  granting("a class that there is none of", "ENG", licensed, [read], failed("PRINCIPAL_NOT_SUPPORTED")),
  revoking("a class that there is none of", "ENG", licensed, [read], failed("UNSUPPORTED")),

  granting("a user who was deleted", "DOCS", goneUser, [page], failed("PRINCIPAL_NOT_FOUND")),
  granting("a user who was deleted and still holds it", "DOCS", goneUser, [read], there),
  revoking("a user who was deleted", "DOCS", goneUser, [read], {
    ...failed("UPSTREAM_REFUSED"),
    // JSON-RPC wants the name, and the user has none any more: there is nothing to send.
    ...{ steps: [read], refused: { rest: true, rpc: false } },
  }),
  granting("a group that was deleted", "DOCS", { group: dcGroups.gone }, [deletion], failed("PRINCIPAL_NOT_FOUND")),
  revoking("a group that was deleted", "DOCS", { group: dcGroups.gone }, [read], {
    ...failed("UPSTREAM_REFUSED"),
    ...{ steps: [read], refused: { rest: true, rpc: true } },
  }),
  granting("nobody", "ENG", nobody, [read], failed("PRINCIPAL_NOT_FOUND")),
  revoking("nobody", "ENG", nobody, [read], absent),
  granting("a group that never was", "ENG", { group: "never" }, [read], failed("PRINCIPAL_NOT_FOUND")),
  revoking("a group that never was", "ENG", { group: "never" }, [read], absent),

  granting("a group in an archived space", "OLD", { group: dcGroups.c }, [page], created(page)),
  revoking("a group in an archived space", "OLD", { group: dcGroups.c }, [read], removed(read)),
  revoking("who administers an archived space alone and is deactivated", "OLD", fay, [administer], removed(administer)),
  granting("a pair that Confluence does not have", "ENG", cara, ["fly/page"], failed("UNKNOWN_PERMISSION")),
];

/** The small world, with an administrator of `DOCS` beside the group. */
function worldOf(version: string) {
  const { dataCenter } = smallDataCenterWorld(version);
  const spaces = dataCenter.spaces.map((space) =>
    space.key === "DOCS"
      ? {
          ...space,
          permissions: [...space.permissions, ...granted({ type: "user", userKey: dcUsers.admin }, read, administer)],
        }
      : space,
  );
  return { dataCenter: { ...dataCenter, spaces } };
}

const remoteNames: Readonly<Record<string, string>> = {
  [read]: "VIEWSPACE",
  [page]: "EDITSPACE",
  [deletion]: "REMOVEPAGE",
  [comment]: "COMMENT",
  [administer]: "SETSPACEPERMISSIONS",
};

/** One write as it goes over the wire. */
function wireOf(way: Way, { space, holder, kind }: Case, step: string): string {
  const [operationKey, targetType] = step.split("/");
  if (way === "rest") {
    const address =
      "user" in holder ? `user/${holder.user}` : "group" in holder ? `group/${holder.group}` : "anonymous";
    const body = JSON.stringify([{ targetType, operationKey }]);
    return `PUT /confluence/rest/api/space/${space}/permissions/${address}/${kind} ${body}`;
  }
  const type = remoteNames[step] ?? "";
  const isGrant = kind === "grant";
  const name = "user" in holder ? holder.name : "group" in holder ? holder.group : null;
  const method =
    name === null
      ? `${isGrant ? "add" : "remove"}AnonymousPermission${isGrant ? "To" : "From"}Space`
      : isGrant
        ? "addPermissionsToSpace"
        : "removePermissionFromSpace";
  const parameters = name === null ? [type, space] : [isGrant ? [type] : type, name, space];
  return `POST /confluence/rpc/json-rpc/confluenceservice-v2/${method} ${JSON.stringify(parameters)}`;
}

/** The rows of a holder in a space, as the sandbox's world spells them. */
function rowPrefix({ space, holder }: Case): string {
  if ("user" in holder) return `${space} user ${holder.user} `;
  if ("group" in holder) return `${space} group ${holder.group} `;
  return `${space} ${holder.accessClass === "anonymous-users" ? "anonymous" : holder.accessClass} `;
}

function inputOf(ids: Ids, { space, holder, asked }: Case) {
  const principal =
    "user" in holder
      ? { principal: ids.account(holder.user) }
      : "group" in holder
        ? { principal: ids.group(holder.group) }
        : { accessClassId: holder.accessClass };
  const permissions = asked.map((name) => {
    const [operation, target] = name.split("/");
    return { operation, target };
  });
  return { space: ids.space(space), ...principal, permissions };
}

async function ask(stack: DataCenterStack, each: Case, isDryRun: boolean) {
  const type = each.kind === "grant" ? "GrantSpaceAccessInput" : "RevokeSpaceAccessInput";
  const { data, errors } = await stack.query(
    `mutation ($input: ${type}!) {
      change: ${each.kind}SpaceAccess(input: $input) {
        outcome plan userErrors { code message }
        grants { entitlement { ... on SpacePermission { permission { operation target } } } }
      }
    }`,
    { input: { ...inputOf(dataCenterIds(stack.siteId), each), dryRun: isDryRun } },
  );
  expect(errors).toBeUndefined();
  return data.change;
}

describe.each(versions)("access on Data Center %s, granted and revoked", (version, way) => {
  let stack: DataCenterStack;
  let sent: ReturnType<typeof recordCalls>;
  beforeAll(async () => {
    stack = await startDataCenterStack({ world: worldOf(version) });
    sent = recordCalls(stack.dataCenter.url);
  });
  beforeEach(() => {
    stack.sandbox.reset();
    sent.forget();
  });
  afterAll(async () => {
    sent[Symbol.dispose]();
    await stack[Symbol.asyncDispose]();
  });

  it.each(cases.map((each) => [each.kind, each.title, each] as const))("%s: %s", async (_kind, _title, each) => {
    const { outcome, code, steps = [], refused } = each;
    const before = stack.sandbox.world();
    const planned = await ask(stack, each, true);
    expect(planned.outcome).toBe(steps.length > 0 ? "PLANNED" : outcome);
    expect(sent.writes()).toEqual([]);

    const done = await ask(stack, each, false);
    expect(done.userErrors.map((error: { code: string }) => error.code)).toEqual(code === undefined ? [] : [code]);
    expect([done.outcome, done.plan]).toEqual([outcome, planned.plan]);
    const verb = each.kind === "grant" ? "grant" : "revoke";
    expect(done.plan.map((step: string) => step.split(" ").slice(0, 2).join(" "))).toEqual(
      steps.map((step) => `${verb} ${step}`),
    );
    const wire = refused?.[way] === false ? [] : steps.map((step) => wireOf(way, each, step));
    expect(sent.writes()).toEqual(wire);

    // The site holds what the outcome says, everybody else what they held.
    const after = stack.sandbox.world();
    const prefix = rowPrefix(each);
    const isDone = refused === undefined;
    const rows = new Set(permissionsIn(before));
    for (const step of isDone ? steps : []) {
      if (each.kind === "grant") rows.add(`${prefix}${step}`);
      else rows.delete(`${prefix}${step}`);
    }
    expect(permissionsIn(after).sort()).toEqual([...rows].sort());
    expect({ ...after.dataCenter, spaces: [] }).toEqual({ ...before.dataCenter, spaces: [] });

    // The answer is that, read back; JSON-RPC tells nothing of unlicensed users.
    const isTold = way === "rest" || !("accessClass" in each.holder) || each.holder.accessClass !== "unlicensed";
    const held = [...rows].filter((row) => row.startsWith(prefix)).map((row) => row.slice(prefix.length));
    const shown = done.grants.map(
      ({ entitlement }: { entitlement: { permission: { operation: string; target: string } } }) =>
        `${entitlement.permission.operation}/${entitlement.permission.target}`,
    );
    expect(shown.sort()).toEqual(isTold ? held.sort() : []);

    if (outcome !== "CREATED" && outcome !== "REMOVED") return;
    sent.forget();
    const again = await ask(stack, each, false);
    expect(again).toMatchObject({
      outcome: outcome === "CREATED" ? "ALREADY_EXISTS" : "NOT_PRESENT",
      plan: [],
      userErrors: [],
    });
    expect(sent.writes()).toEqual([]);
  });

  it.each(["grant", "revoke"] as const)("%s: a group named like a user, or that no path takes", async (kind) => {
    const [shared, slashed] = [dcGroups.support, dcGroups.slash].map((group): Case => {
      const asked = kind === "grant" ? [deletion] : [read];
      return { title: "", space: "DOCS", holder: { group }, kind, asked, outcome: "FAILED" };
    });
    if (shared === undefined || slashed === undefined) throw new Error("There are two.");
    const done = kind === "grant" ? "CREATED" : "REMOVED";
    // JSON-RPC would give it to the user; a path cannot hold the other name, and JSON-RPC has none.
    const [refused, carriedOut] = way === "rpc" ? [shared, slashed] : [slashed, shared];
    const before = permissionsIn(stack.sandbox.world());
    for (const isDryRun of [true, false]) {
      const { outcome, userErrors } = await ask(stack, refused, isDryRun);
      expect([outcome, userErrors[0].code]).toEqual(["FAILED", "UNSUPPORTED"]);
      expect(userErrors[0].message).toContain(way === "rpc" ? 'A user is called "support"' : '"docs/web" holds a "/"');
    }
    expect(sent.writes()).toEqual([]);
    expect(permissionsIn(stack.sandbox.world())).toEqual(before);
    const other = await ask(stack, carriedOut, false);
    expect(other).toMatchObject({ outcome: done, userErrors: [] });
    expect(sent.writes()).toEqual([wireOf(way, carriedOut, kind === "grant" ? deletion : read)]);
  });
});
