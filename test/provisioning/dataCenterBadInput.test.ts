import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, GroupId, SiteId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

type Ids = ReturnType<typeof dataCenterIds>;
type Wanted = readonly [code: string, ...field: string[]];
type Case = readonly [
  name: string,
  kind: string,
  input: (ids: Ids, siteId: SiteId) => Readonly<Record<string, unknown>>,
  errors: readonly Wanted[],
];

const person = { email: "grace@example.com", displayName: "Grace", username: "grace", password: "correct horse" };
const long = "n".repeat(256);
const read = [{ operation: "read", target: "space" }];

const provisioning = (name: string, parts: Readonly<Record<string, unknown>>, ...errors: readonly Wanted[]): Case => [
  name,
  "provisionAccount",
  () => ({ ...person, ...parts }),
  errors,
];
const updating = (name: string, parts: Readonly<Record<string, unknown>>, ...errors: readonly Wanted[]): Case => [
  name,
  "updateAccount",
  (ids) => ({ account: ids.account(dcUsers.ben), ...parts }),
  errors,
];

const cases: readonly Case[] = [
  provisioning("no address", { email: "grace" }, ["INVALID_INPUT", "email"]),
  provisioning("an address of blanks", { email: "  " }, ["INVALID_INPUT", "email"]),
  provisioning("too long an address", { email: `${"g".repeat(320)}@x` }, ["INVALID_INPUT", "email"]),
  provisioning("too long a user name", { username: long }, ["INVALID_INPUT", "username"]),
  ...["gr ace", "gr\tace", "gr\\ace", "gr,ace", "gr+ace", "gr<ace", "gr>ace", "gr'ace", 'gr"ace', "Anonymous"].map(
    (username) => provisioning(`the user name ${username}`, { username }, ["INVALID_INPUT", "username"]),
  ),
  provisioning("an address for a name that holds a +", { username: null, email: "g+h@example.com" }, [
    ...(["INVALID_INPUT", "username"] as const),
  ]),
  provisioning("too long a name to show", { displayName: long }, ["INVALID_INPUT", "displayName"]),
  provisioning("a name to show with <", { displayName: "a<b" }, ["INVALID_INPUT", "displayName"]),
  provisioning("a first name with >", { displayName: null, givenName: "a>b" }, ["INVALID_INPUT", "givenName"]),
  provisioning("a last name with <", { displayName: null, familyName: "<" }, ["INVALID_INPUT", "familyName"]),
  provisioning("no name at all", { displayName: " " }, ["INVALID_INPUT", "displayName"]),
  provisioning("an empty password", { password: "" }, ["INVALID_INPUT", "password"]),
  provisioning("two passwords", { generatePassword: true }, ["INVALID_INPUT", "generatePassword"]),
  provisioning("no e-mail and no password", { password: null, sendNotification: false }, [
    ...(["INVALID_INPUT", "sendNotification"] as const),
  ]),
  provisioning("a product role", { productRole: "atlassian/guest" }, ["UNSUPPORTED", "productRole"]),
  provisioning("a text for the e-mail", { notificationText: "Hi" }, ["UNSUPPORTED", "notificationText"]),
  provisioning("groups by malformed ids", { groups: ["?"] }, ["INVALID_INPUT", "groups", "0"]),
  provisioning("access by malformed ids", { access: [{ space: "?", permissions: read }] }, [
    ...(["INVALID_INPUT", "access", "0", "space"] as const),
  ]),
  provisioning("too many groups", { groups: Array.from({ length: 201 }, (_, index) => `g${index}`) }, [
    ...(["TOO_MANY_CHANGES", "groups"] as const),
  ]),
  provisioning(
    "everything wrong at once",
    { email: "x", username: long, password: "", displayName: "<>" },
    ["INVALID_INPUT", "email"],
    ["INVALID_INPUT", "displayName"],
    ["INVALID_INPUT", "username"],
    ["INVALID_INPUT", "password"],
  ),

  updating("nothing to update", {}, ["INVALID_INPUT", "displayName"]),
  updating("a name of blanks alone", { displayName: "  " }, ["INVALID_INPUT", "displayName"]),
  updating("a name with >", { displayName: "a>" }, ["INVALID_INPUT", "displayName"]),
  updating("too long a name", { displayName: long }, ["INVALID_INPUT", "displayName"]),
  updating("no address", { email: "ben@" }, ["INVALID_INPUT", "email"]),
  updating("an empty address", { email: "" }, ["INVALID_INPUT", "email"]),
  updating("a malformed id", { account: "?", displayName: "B" }, ["INVALID_INPUT", "account"]),
  [
    "an update of a group",
    "updateAccount",
    (ids) => ({ account: ids.group(dcGroups.a), displayName: "B" }),
    [["INVALID_INPUT", "account"]],
  ],
  [
    "an update on a site that is not served",
    "updateAccount",
    () => ({ account: dataCenterIds("elsewhere").account(dcUsers.ben), displayName: "B" }),
    [["INVALID_INPUT", "account"]],
  ],

  ...["suspendAccount", "restoreAccount", "removeAccount"].flatMap((kind): Case[] => [
    ["a malformed id", kind, () => ({ account: "?" }), [["INVALID_INPUT", "account"]]],
    ["an id of another type", kind, (ids) => ({ account: ids.space("ENG") }), [["INVALID_INPUT", "account"]]],
    [
      "an account of a site that is not served",
      kind,
      () => ({ account: dataCenterIds("elsewhere").account(dcUsers.ben) }),
      [["INVALID_INPUT", "account"]],
    ],
  ]),

  ["a group without a name", "createGroup", () => ({ name: " " }), [["INVALID_INPUT", "name"]]],
  ["too long a name of a group", "createGroup", () => ({ name: long }), [["INVALID_INPUT", "name"]]],
  ["a group whose name no path takes", "createGroup", () => ({ name: "a/b" }), [["UNSUPPORTED", "name"]]],
  ["a group with a backslash", "createGroup", () => ({ name: "a\\b" }), [["UNSUPPORTED", "name"]]],
  [
    "a group whose name no path takes, to delete",
    "deleteGroup",
    (ids) => ({ group: ids.group(dcGroups.slash) }),
    [["UNSUPPORTED", "group"]],
  ],
  [
    "a role",
    "grantSpaceAccess",
    (ids, siteId) => ({
      ...{ space: ids.space("ENG"), principal: ids.account(dcUsers.cara) },
      role: Buffer.from(JSON.stringify(["SpaceRole", siteId, "r"])).toString("base64url"),
    }),
    [["ROLES_NOT_AVAILABLE", "role"]],
  ],
  [
    "a pair that there is none of",
    "grantSpaceAccess",
    (ids) => ({
      ...{ space: ids.space("ENG"), principal: ids.account(dcUsers.cara) },
      permissions: [...read, { operation: "delete_own", target: "space" }],
    }),
    [["UNKNOWN_PERMISSION", "permissions", "1"]],
  ],
  [
    "Cloud's class of everybody with a licence",
    "grantSpaceAccess",
    (ids) => ({ space: ids.space("ENG"), accessClassId: "all-licensed-users", permissions: read }),
    [["PRINCIPAL_NOT_SUPPORTED", "principal"]],
  ],
  [
    "a grant for the whole site",
    "revokeGrants",
    (_ids, siteId) => ({
      grants: [
        encodeGlobalId({
          ...{ type: "Grant", siteId, kind: "global", operation: { key: "use", target: "application" } },
          principal: { kind: "group", groupId: dcGroups.users as GroupId },
        }),
      ],
    }),
    [["NOT_REVOCABLE", "grants", "0"]],
  ],
  [
    "a group in a group",
    "revokeGrants",
    (_ids, siteId) => ({
      grants: [
        encodeGlobalId({
          ...{ type: "Grant", siteId, kind: "nesting" },
          ...{ groupId: dcGroups.a as GroupId, memberGroupId: dcGroups.b as GroupId },
        }),
      ],
    }),
    [["NOT_REVOCABLE", "grants", "0"]],
  ],
  [
    "a membership of nobody",
    "grantGroupMembership",
    (ids) => ({ group: ids.group(dcGroups.a), accounts: [ids.account("nobody" as AccountId)] }),
    [["ACCOUNT_NOT_FOUND", "accounts", "0"]],
  ],
];

describe("bad input for a Data Center site", () => {
  let stack: DataCenterStack;
  beforeAll(async () => {
    stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
  });
  afterEach(() => stack.forgetCalls());
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(cases)("%s (%s): named by code and path, nothing written", async (_name, kind, input, wanted) => {
    const type = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Input`;
    const errors = "userErrors { code field message }";
    const selection = /Membership|Grants/.test(kind) ? `changes { outcome ${errors} }` : `outcome ${errors}`;
    const answer = await stack.query(`mutation ($input: ${type}!) { it: ${kind}(input: $input) { ${selection} } }`, {
      input: input(dataCenterIds(stack.siteId), stack.siteId as SiteId),
    });
    expect(answer.errors).toBeUndefined();
    const ending = answer.data.it.changes?.[0] ?? answer.data.it;
    expect(ending.outcome).toBe("FAILED");
    const found: { code: string; field: string[]; message: string }[] = ending.userErrors;
    expect(found.map(({ code, field }) => [code, ...field])).toEqual(wanted);
    for (const { message } of found) expect(message).toMatch(/^[A-Za-z"].{20,}\.?$/s);
    expect(stack.writes()).toEqual([]);
    expect((await stack.query(`{ space(key: "ENG") { key } }`)).data.space.key).toBe("ENG");
  });
});
