import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
});

const mutations = [
  `grantGroupMembership(input: { group: $group, accounts: [$account], reason: $reason, requestId: $requestId, dryRun: $dryRun }) { userErrors { code field message } changes { userErrors { code field message } } }`,
  `createGroup(input: { name: "new", reason: $reason, requestId: $requestId, dryRun: $dryRun }) { userErrors { code field message } }`,
  `suspendAccount(input: { account: $account, reason: $reason, requestId: $requestId, dryRun: $dryRun }) { userErrors { code field message } }`,
];

describe("what callers say of themselves", () => {
  it.each(mutations)("is taken whole or refused, never cut off: %s", async (mutation) => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const document =
      `mutation ($group: ID!, $account: ID!, $reason: String, $requestId: String, $dryRun: Boolean!) { ${mutation} }`
        .replace("$group: ID!, ", mutation.includes("$group") ? "$group: ID!, " : "")
        .replace("$account: ID!, ", mutation.includes("$account") ? "$account: ID!, " : "");
    const errorsOf = async (said: object, headers = {}) => {
      const variables = { group: ids.group("g-team"), account: ids.account(2), dryRun: true, ...said };
      const { data, errors } = await stack.query(document, variables, headers);
      expect(errors).toBeUndefined();
      const [payload] = Object.values<Record<string, { userErrors?: object[] }[]>>(data);
      return [...(payload?.userErrors ?? []), ...(payload?.changes ?? []).flatMap(({ userErrors = [] }) => userErrors)];
    };
    const refused = (field: string[], message: string) => [{ code: "INVALID_INPUT", field, message }];
    const ofReason = refused(["reason"], "A reason has at most 1000 characters.");
    const ofRequest = refused(["requestId"], "A requestId has 1 to 200 characters.");
    const ofHeader = refused([], "The header X-Requested-By has at most 200 characters.");
    expect(await errorsOf({ reason: "x".repeat(1_001) })).toEqual(ofReason);
    expect(await errorsOf({ requestId: "x".repeat(201) })).toEqual(ofRequest);
    expect(await errorsOf({ requestId: " " })).toEqual(ofRequest);
    expect(await errorsOf({}, { "x-requested-by": "x".repeat(201) })).toEqual(ofHeader);
    expect(await errorsOf({ reason: "x".repeat(1_001), dryRun: false })).toEqual(ofReason);
    expect(stack.writes()).toEqual([]);
    const longest = { reason: "x".repeat(1_000), requestId: "x".repeat(200) };
    const taken = await errorsOf(longest, { "x-requested-by": "x".repeat(200) });
    expect(JSON.stringify(taken)).not.toContain("INVALID_INPUT");
  });
});
