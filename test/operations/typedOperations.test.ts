import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { concatAST, parse, print, separateOperations } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  AccountAccessQuery,
  AccountAccessQueryVariables,
  FindAccountsQuery,
  FindAccountsQueryVariables,
  PrincipalNameFragment,
  SpaceAccessQuery,
  SpaceAccessQueryVariables,
} from "../generated/operations.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

interface Operations {
  readonly AccountAccess: { readonly answer: AccountAccessQuery; readonly variables: AccountAccessQueryVariables };
  readonly FindAccounts: { readonly answer: FindAccountsQuery; readonly variables: FindAccountsQueryVariables };
  readonly SpaceAccess: { readonly answer: SpaceAccessQuery; readonly variables: SpaceAccessQueryVariables };
}

const folder = "test/operations";
const documents = separateOperations(
  concatAST(
    readdirSync(folder)
      .filter((name) => name.endsWith(".graphql"))
      .map((name) => parse(readFileSync(join(folder, name), "utf8"))),
  ),
);

const guest = { ...human(2), isExternalCollaborator: true };
const app = { ...human(3), accountType: "app", displayName: "Backup app" };
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), guest, app],
  groups: [{ id: "group-1", name: "Engineers", members: [human(1).accountId], managedBy: "EXTERNAL" }],
  roles: [{ id: "role-1", type: "CUSTOM", name: "Reader", description: "Reads.", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", guest.accountId),
        permission("group", "group-1", "administer/space"),
        permission("access-class", "anonymous-users"),
      ],
      roleAssignments: [{ principal: { principalType: "USER", principalId: app.accountId }, roleId: "role-1" }],
    }),
  ],
});

/** What a table of principals shows. Compiles only while the generated types tell the principals apart. */
function label(principal: PrincipalNameFragment): string {
  switch (principal.__typename) {
    case "Account":
      return `${principal.displayName ?? principal.accountId} (${principal.kind})`;
    case "Group":
      return `${principal.name ?? principal.groupId}, managed by ${principal.managedBy}`;
    case "AccessClass":
      return principal.className ?? principal.classId;
  }
}

describe("operations with generated types", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world });
  });
  afterAll(() => stack.close());

  async function run<Name extends keyof Operations>(
    name: Name,
    variables: Operations[Name]["variables"],
  ): Promise<Operations[Name]["answer"]> {
    const document = documents[name];
    if (document === undefined) throw new Error(`There is no operation ${name}.`);
    const { data, errors } = await stack.query(print(document), { ...variables });
    expect(errors).toBeUndefined();
    return data;
  }

  it("show who can do what in a space, page by page", async () => {
    const rows: string[] = [];
    let after: string | null = null;
    do {
      const { space: answered }: SpaceAccessQuery = await run("SpaceAccess", { key: "S1", first: 3, after });
      expect(answered?.grants.completeness.isComplete).toBe(true);
      for (const { principal, permissions } of answered?.grants.nodes ?? []) {
        rows.push(
          `${label(principal)}: ${permissions?.map(({ operation, target }) => `${operation} ${target}`).join()}`,
        );
      }
      after = answered?.grants.pageInfo.hasNextPage ? answered.grants.pageInfo.endCursor : null;
    } while (after !== null);
    expect(rows.sort()).toEqual([
      "Anyone, without signing in: read space",
      "Backup app (APP): read space",
      "Engineers, managed by EXTERNAL: administer space",
      "Human 2 (GUEST): read space",
    ]);
  });

  it("take a typed filter", async () => {
    const { space: answered } = await run("SpaceAccess", {
      key: "S1",
      filter: { principalKinds: ["GROUP"], entitlements: ["SPACE_PERMISSION"] },
    });
    expect(answered?.grants.nodes?.map(({ principal }) => label(principal))).toEqual([
      "Engineers, managed by EXTERNAL",
    ]);
  });

  it("find accounts, and show what each holds", async () => {
    const { accounts } = await run("FindAccounts", { text: "backup", kinds: ["APP"] });
    const [found] = accounts?.nodes ?? [];
    expect(accounts?.totalCount).toBe(1);
    const { account } = await run("AccountAccess", { accountId: found?.accountId ?? "" });
    expect(account?.groups.nodes).toEqual([]);
    const [grant] = account?.grants.nodes ?? [];
    expect(grant?.resource).toEqual({ key: "S1", name: "Space 1" });
    expect(grant?.entitlement.__typename === "SpaceRoleAssignment" && grant.entitlement.role.name).toBe("Reader");
  });

  it("are typed by what the schema and the operations give now", async () => {
    await promisify(execFile)(process.execPath, ["scripts/codegen.mjs", "--check"]);
  });
});
