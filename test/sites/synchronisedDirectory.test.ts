import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human } from "../support/worlds.js";

const people = Array.from({ length: 130 }, (_, index) => ({
  ...human(index + 1),
  managed: true,
  givenName: `Given ${index + 1}`,
  familyName: `Family ${index + 1}`,
}));

function startDirectory() {
  const world = cloudWorld({ cloudId: "cloud-1", accounts: people });
  return startSites([{ id: "a", world, credential: "api-token", hasOrganization: true }]);
}

const namesOf = (accountId: string) =>
  `{ account(accountId: "${accountId}") { givenName familyName externalId department } }`;
const listed = "GET /scim/directory/*/Users?startIndex=";

describe("the synchronised directory", () => {
  it("declares whom a page leaves out that comes back empty before the number announced: they have names that nobody read", async () => {
    await using stack = await startDirectory();
    await stack.fail("a", {
      match: `${listed}101`,
      times: -1,
      status: 200,
      body: { totalResults: 130, startIndex: 101, itemsPerPage: 0, Resources: [] },
    });
    const names = async (number: number) => {
      const { data, errors } = await stack.query(namesOf(human(number).accountId));
      const name = data.account.givenName;
      return errors === undefined ? name : errors.map(({ extensions }) => extensions.code);
    };
    const outcomes = await Promise.all([1, 50, 130].map(names));
    const read = outcomes.filter((outcome) => typeof outcome === "string");
    const unread = outcomes.filter((outcome) => Array.isArray(outcome));
    expect(read.length).toBeGreaterThan(0);
    expect(unread.length).toBeGreaterThan(0);
    for (const codes of unread) expect(new Set(codes)).toEqual(new Set(["INCOMPLETE"]));
    await stack.heal("a");
    expect(await Promise.all([1, 50, 130].map(names))).toEqual(["Given 1", "Given 50", "Given 130"]);
  });

  it("declares everybody where the first page is empty and more were announced", async () => {
    await using stack = await startDirectory();
    await stack.fail("a", { match: `${listed}1`, times: -1, status: 200, body: { totalResults: 130, Resources: [] } });
    const { data, errors } = await stack.query(namesOf(human(1).accountId));
    expect(data.account).toMatchObject({ givenName: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toContain("INCOMPLETE");
  });

  it("gives null for what the identity provider sends empty", async () => {
    await using stack = await startDirectory();
    const user = {
      id: "scim-1",
      externalId: "",
      name: { givenName: "", familyName: "Byron" },
      department: "",
      "urn:scim:schemas:extension:atlassian-external:1.0": { atlassianAccountId: human(1).accountId },
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "" },
    };
    await stack.fail("a", {
      match: `${listed}1`,
      times: -1,
      status: 200,
      body: { totalResults: 1, Resources: [user] },
    });
    const { data, errors } = await stack.query(namesOf(human(1).accountId));
    expect(errors).toBeUndefined();
    expect(data.account).toEqual({ givenName: null, familyName: "Byron", externalId: null, department: null });
  });
});
