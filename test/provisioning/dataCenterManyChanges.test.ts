import { describe, expect, it } from "vitest";
import type { SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { granted } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { permissionsIn } from "./permissionsIn.js";

const spaces = 20;
const perSpace = 10;
const keyOf = (person: number) => `2c958083${String(person).padStart(24, "0")}`;

/** In each of 20 spaces people 2 to 6 may create pages, and 7 to 11 hold nothing. */
function worldOf(version: string) {
  const user = (person: number) => ({ type: "user", userKey: keyOf(person) }) as const;
  return {
    dataCenter: {
      ...{ version, contextPath: "/confluence", administrators: ["confluence-administrators"] },
      users: Array.from({ length: 11 }, (_, index) => ({
        ...{ userKey: keyOf(index + 1), username: index === 0 ? "admin" : `person${index + 1}` },
        ...{ displayName: `Person ${index + 1}`, email: `p${index + 1}@example.com`, status: "current" },
      })),
      groups: [{ name: "confluence-administrators", members: ["admin"] }],
      spaces: Array.from({ length: spaces }, (_, index) => ({
        ...{ id: 2_001 + index, key: `S${index + 1}`, name: `Space ${index + 1}`, type: "global", status: "current" },
        permissions: [
          ...granted(user(1), "read/space", "administer/space"),
          ...[2, 3, 4, 5, 6].flatMap((person) => granted(user(person), "read/space", "create/page")),
        ],
      })),
      globalPermissions: granted({ type: "group", name: "confluence-administrators" }, "use/application"),
    },
  };
}

const chance = (match: string, parts: object) => ({ match, times: -1, ...parts });
const isWrite = (call: string) => /^PUT .*\/(grant|revoke)$|PermissionsToSpace$|PermissionFromSpace$/.test(call);

describe.concurrent("two hundred changes over twenty spaces of Data Center", () => {
  it.each(["8.3.0", "10.2.0"])(
    "%s are carried out or truly reported, none twice, through a bucket that is too small and with calls that fail",
    async (version) => {
      const rate = { capacity: 150, fillRate: 150, intervalSeconds: 1 };
      await using stack = await startDataCenterStack({ world: worldOf(version), sandbox: { dataCenter: { rate } } });
      const ids = dataCenterIds(stack.siteId);
      const spaceId = (number: number) =>
        encodeGlobalId({
          ...{ type: "Space", siteId: stack.siteId as SiteId },
          spaceId: String(2_000 + number) as SpaceId,
        });
      await stack.forgetCalls();
      await stack.fail(
        // The bucket may be large enough for a slow machine: these are refused in any case.
        { match: "GET /rest/api/user", times: 2, status: 429, headers: { "retry-after": "1" } },
        ...[version === "8.3.0" ? "* /rpc/**" : "* /rest/api/space/**", "GET /rest/api/user"].flatMap((match) => [
          chance(match, { status: 503, probability: 0.02 }),
          chance(match, { reset: true, probability: 0.015 }),
          chance(match, { reset: true, after: true, probability: 0.015 }),
        ]),
      );
      const changes = Array.from({ length: spaces * perSpace }, (_, index) => {
        const number = (index % spaces) + 1;
        const person = Math.floor(index / spaces) + 2;
        const isGrant = person > 6;
        const permissions = [
          isGrant ? { operation: "read", target: "space" } : { operation: "create", target: "page" },
        ];
        const input = { space: spaceId(number), principal: ids.account(keyOf(person)), permissions };
        return { row: `S${number} user ${keyOf(person)}`, isGrant, input };
      });
      const { data, errors } = await stack.query(
        `mutation ($changes: [AccessChangeInput!]!) {
          applyAccessChanges(input: { changes: $changes }) { changes { outcome userErrors { code message } } userErrors { code } }
        }`,
        {
          changes: changes.map(({ isGrant, input }) => ({
            [isGrant ? "grantSpaceAccess" : "revokeSpaceAccess"]: input,
          })),
        },
      );
      expect(errors).toBeUndefined();
      const { changes: answers, userErrors } = data.applyAccessChanges;
      expect([answers.length, userErrors]).toEqual([200, []]);

      const rows = permissionsIn(stack.sandbox.world());
      const ended: string[] = [];
      changes.forEach(({ row, isGrant }, index) => {
        const { outcome, userErrors: faults } = answers[index];
        const held = rows.filter((each) => each.startsWith(`${row} `)).map((each) => each.slice(row.length + 1));
        const [before, after] = isGrant ? [[], ["read/space"]] : [["read/space", "create/page"], ["read/space"]];
        const codes = faults.map(({ code }: { code: string }) => code);
        if (outcome !== "FAILED") {
          expect([row, outcome, held, codes]).toEqual([row, isGrant ? "CREATED" : "REMOVED", after, []]);
          ended.push(row);
        } else if (codes[0] === "STATE_UNKNOWN") {
          expect([before, after]).toContainEqual(held);
        } else {
          expect(["ANSWER_LOST", "UPSTREAM_UNAVAILABLE"]).toContain(codes[0]);
          expect([row, held]).toEqual([row, before]);
        }
      });
      expect(ended.length).toBeGreaterThan(170);

      // Nothing but what was asked for: rows that only those hold who held them, or asked for them.
      expect(rows.filter((row) => / user 2c958083(0{22})01 /.test(row))).toHaveLength(2 * spaces);
      const journal = stack.sandbox.journal().map(({ method, path, status }) => ({
        call: `${method} ${path.split("?")[0]}`,
        status,
      }));
      const writes = journal.filter(({ call }) => isWrite(call));
      const accepted = writes.filter(({ status }) => status === 204 || status === 200).length;
      // Cut answers stand in the journal as null: carried out or not.
      const cut = writes.filter(({ status }) => status === null).length;
      expect(accepted + cut).toBeGreaterThanOrEqual(ended.length);
      expect(accepted + cut).toBeLessThanOrEqual(200);
      expect(writes.filter(({ status }) => status !== null && status >= 400 && ![429, 503].includes(status))).toEqual(
        [],
      );
      expect(journal.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
      expect(journal.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
      expect((await stack.audit()).filter(({ phase }) => phase === "result")).toHaveLength(200);
    },
    180_000,
  );
});
