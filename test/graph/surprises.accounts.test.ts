import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const app = { ...human(90), accountId: "712020:app", accountType: "app", displayName: "Build bot", email: "" };
const account = (id: string) => `{ account(accountId: "${id}") {
  displayName email kind kindAsReported status statusAsReported statusSource } }`;

describe("everyone", () => {
  const guest = { ...human(2), isExternalCollaborator: true };
  const suspended = { ...human(3), orgStatus: "suspended", accountStatus: "inactive" };
  const inactive = { ...human(4), accountStatus: "inactive" };
  const world = cloudWorld({
    accounts: [human(1), guest, suspended, inactive, app],
    groups: [{ id: "g-1", name: "Designers", members: [suspended.accountId, inactive.accountId] }],
    spaces: [
      space(1, { permissions: [permission("user", suspended.accountId), permission("user", app.accountId)] }),
      space(2, { status: "archived", permissions: [permission("user", "712020:only-in-an-archived-space")] }),
    ],
  });

  it("is the union of search, members of groups and principals of grants of spaces of any status", async () => {
    await using stack = await startStack({ world });
    const { data } = await stack.query("{ accounts { totalCount nodes { accountId kind status } } }");
    expect(data.accounts.nodes).toEqual([
      // Found by a grant, by search, by search for guests, by a grant, by a membership, by a grant of an archived space.
      { accountId: app.accountId, kind: "APP", status: "ACTIVE" },
      { accountId: human(1).accountId, kind: "HUMAN", status: "ACTIVE" },
      { accountId: guest.accountId, kind: "GUEST", status: "ACTIVE" },
      { accountId: suspended.accountId, kind: "HUMAN", status: "INACTIVE" },
      { accountId: inactive.accountId, kind: "HUMAN", status: "INACTIVE" },
      { accountId: "712020:only-in-an-archived-space", kind: "UNKNOWN", status: "UNKNOWN" },
    ]);
  });

  it("includes guests, whom search leaves out unless it is asked for all", async () => {
    await using stack = await startStack({ world });
    const { data } = await stack.query("{ accounts(filter: { kinds: [GUEST] }) { nodes { accountId } } }");
    expect(data.accounts.nodes).toEqual([{ accountId: guest.accountId }]);
    expect(stack.calls().filter((call) => call.includes("/search/user"))[0]).toContain("sitePermissionTypeFilter=all");
  });

  it("takes nobody's status from a list: who vanished from member lists keeps status and groups", async () => {
    await using stack = await startStack({ world });
    const { data } = await stack.query(`{ groups { nodes { members { nodes { accountId } } } }
      account(accountId: "${suspended.accountId}") { status statusSource groups { nodes { name } } } }`);
    expect(data.groups.nodes[0].members.nodes).toEqual([{ accountId: inactive.accountId }]);
    expect(data.account).toEqual({
      status: "INACTIVE",
      statusSource: "CONFLUENCE",
      groups: { nodes: [{ name: "Designers" }] },
    });
  });
});

describe("facts of accounts", () => {
  it("are taken from fields, never from names such as 'Former user', which are translated and change", async () => {
    const named = { ...human(2), displayName: "Former user (Deleted)" };
    const closed = { ...human(3), accountStatus: "closed", displayName: "Ehemaliger Benutzer" };
    await using stack = await startStack({ world: cloudWorld({ accounts: [named, closed] }) });
    expect((await stack.query(account(named.accountId))).data.account).toMatchObject({
      displayName: "Former user (Deleted)",
      status: "ACTIVE",
    });
    expect((await stack.query(account(closed.accountId))).data.account).toMatchObject({
      displayName: "Ehemaliger Benutzer",
      status: "CLOSED",
    });
  });

  it("keep words for kind and status that nobody knows yet", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)] }) });
    await stack.fail({
      match: "POST /wiki/api/v2/users-bulk",
      times: "always",
      body: { results: [{ accountId: human(1).accountId, accountType: "agent", accountStatus: "dormant" }] },
    });
    expect((await stack.query(account(human(1).accountId))).data.account).toMatchObject({
      kind: "UNKNOWN",
      kindAsReported: "agent",
      status: "UNKNOWN",
      statusAsReported: "dormant",
    });
  });

  it("are read in whatever letter case they come", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)] }) });
    const row = { accountType: "ATLASSIAN", accountStatus: "Closed", isExternalCollaborator: true };
    await stack.fail({
      match: "POST /wiki/api/v2/users-bulk",
      times: "always",
      body: { results: [{ accountId: human(1).accountId, ...row }] },
    });
    expect((await stack.query(account(human(1).accountId))).data.account).toMatchObject({
      kind: "GUEST",
      kindAsReported: "ATLASSIAN",
      status: "CLOSED",
      statusAsReported: "Closed",
    });
  });

  it("tell customers of a service desk from people", async () => {
    const customer = { ...human(2), accountType: "customer" };
    await using stack = await startStack({ world: cloudWorld({ accounts: [customer] }) });
    expect((await stack.query(account(customer.accountId))).data.account.kind).toBe("CUSTOMER");
  });

  it("have no e-mail where it is hidden: null, not an empty text", async () => {
    const hidden = { ...human(2), email: "" };
    await using stack = await startStack({ world: cloudWorld({ accounts: [hidden] }) });
    expect((await stack.query(account(hidden.accountId))).data.account.email).toBeNull();
  });

  it("are left out of users-bulk for an unknown id, which costs the others nothing", async () => {
    await using stack = await startStack({ world: cloudWorld({ accounts: [human(1)] }) });
    await stack.forgetCalls();
    const { data, errors } = await stack.query(
      `{ known: account(accountId: "${human(1).accountId}") { displayName } unknown: account(accountId: "nobody") { displayName } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ known: { displayName: "Human 1" }, unknown: null });
    expect(stack.calls()).toHaveLength(1);
  });
});

describe("a filter by e-mail", () => {
  const world = cloudWorld({ accounts: [human(1), { ...human(2), email: "" }, human(3)] });
  const document = `query ($emails: [String!]) { accounts(filter: { emails: $emails }) {
    totalCount nodes { accountId } completeness { isComplete gaps { missing code } } } }`;
  const gap = {
    missing: "whether accounts that hide their e-mail address have one of these (1 such)",
    code: "INCOMPLETE",
  };

  it("declares the accounts that hide theirs: any of them may have the address", async () => {
    await using stack = await startStack({ world });
    const { data } = await stack.query(document, { emails: ["HUMAN-1@example.com"] });
    expect(data.accounts).toEqual({
      totalCount: null,
      nodes: [{ accountId: human(1).accountId }],
      completeness: { isComplete: false, gaps: [gap] },
    });
  });

  it("does not say 'nobody' where somebody hides theirs", async () => {
    await using stack = await startStack({ world });
    const { data, errors } = await stack.query(document, { emails: ["nobody@example.com"] });
    expect(data.accounts).toEqual({
      totalCount: null,
      nodes: null,
      completeness: { isComplete: false, gaps: [gap] },
    });
    expect(errors).toMatchObject([{ extensions: { code: "INCOMPLETE" } }]);
  });
});
