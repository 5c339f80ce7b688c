import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const spaces = 20;
const perSpace = 10;
const rows = ["read/space", "export_content/space", "create/page", "update/page"];

/** In each of 20 spaces humans 2 to 6 hold everything, and 7 to 11 nothing. */
const world = cloudWorld({
  accounts: Array.from({ length: 11 }, (_, index) => human(index + 1)),
  spaces: Array.from({ length: spaces }, (_, index) =>
    space(index + 1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        ...[2, 3, 4, 5, 6].flatMap((number) => rows.map((name) => permission("user", human(number).accountId, name))),
      ],
    }),
  ),
});

const chance = (match: string, parts: object) => ({ match, times: -1, ...parts });

describe("two hundred changes over twenty spaces", () => {
  it("are all carried out or truly reported, none twice, at 50 calls a second and with 5 % of them failing", async () => {
    await using stack = await startProvisioning(world, {}, { ratePerSecond: 50 });
    const ids = idsOf(stack.siteId);
    // A seventh in three kinds each: about 5 % of the calls fail, one way or another.
    await stack.fail(
      chance("* /wiki/**", { status: 429, headers: { "retry-after": "1" }, probability: 0.017 }),
      chance("* /wiki/**", { status: 503, probability: 0.017 }),
      chance("* /wiki/**", { reset: true, probability: 0.009 }),
      chance("* /wiki/**", { reset: true, after: true, probability: 0.009 }),
    );
    const changes = Array.from({ length: spaces * perSpace }, (_, index) => {
      const spaceNumber = (index % spaces) + 1;
      const person = Math.floor(index / spaces) + 2;
      const input = {
        space: ids.space(spaceNumber),
        principal: ids.account(person),
        permissions: [{ operation: person <= 6 ? "create" : "read", target: person <= 6 ? "page" : "space" }],
      };
      const name = person <= 6 ? "revokeSpaceAccess" : "grantSpaceAccess";
      return { spaceNumber, person, input: { [name]: input }, isGrant: person > 6 };
    });
    const { data, errors } = await stack.query(
      `mutation ($changes: [AccessChangeInput!]!) {
        applyAccessChanges(input: { changes: $changes }) { changes { outcome userErrors { code message } } userErrors { code } }
      }`,
      { changes: changes.map(({ input }) => input) },
    );
    expect(errors).toBeUndefined();
    const { changes: answers, userErrors } = data.applyAccessChanges;
    expect(userErrors).toEqual([]);
    expect(answers).toHaveLength(200);

    const found = stack.sandbox.world();
    changes.forEach(({ spaceNumber, person, isGrant }, index) => {
      const { outcome, userErrors: faults } = answers[index];
      const held = heldIn(found, spaceNumber, human(person).accountId);
      const before = isGrant ? [] : [...rows].sort();
      const after = ["export_content/space", "read/space"];
      expect([index, outcome, held]).toEqual(
        outcome === "FAILED" ? [index, "FAILED", before] : [index, isGrant ? "CREATED" : "REMOVED", after],
      );
      if (outcome === "FAILED") expect(["ANSWER_LOST", "UPSTREAM_UNAVAILABLE"]).toContain(faults[0].code);
      else expect(faults).toEqual([]);
    });
    const ended = answers.filter(({ outcome }: { outcome: string }) => outcome !== "FAILED").length;
    expect(ended).toBeGreaterThan(180);
    // Cut answers stand in the journal as null; what was accepted is accepted once, and nothing else is written.
    const writes = stack.sandbox
      .journal()
      .filter(({ method, path }) => method !== "GET" && /\/permission\b/.test(path));
    const accepted = writes.filter(({ status }) => status !== null && status < 300).length;
    const cut = writes.filter(({ status }) => status === null).length;
    expect(accepted).toBeLessThanOrEqual(ended);
    expect(accepted + cut).toBeGreaterThanOrEqual(ended);
    expect(writes.filter(({ status }) => status === 400 || status === 404)).toEqual([]);
    const deletions = writes.filter(({ method, status }) => method === "DELETE" && status === 204);
    expect(new Set(deletions.map(({ path }) => path)).size).toBe(deletions.length);
    expect(stack.sandbox.journal().filter(({ status }) => status !== 200 && status !== 204).length).toBeGreaterThan(0);
    expect((await stack.audit()).filter(({ phase }) => phase === "result")).toHaveLength(200);
  }, 180_000);
});
