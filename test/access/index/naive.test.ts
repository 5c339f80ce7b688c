import { describe, expect, it } from "vitest";
import { operationName } from "../../../src/domain/Operation.js";
import { decideNaively } from "../naiveSite.js";
import { buildIndex } from "./indexFacts.js";
import { makeWorld, questions } from "./indexWorlds.js";

const count = 320;

describe("the index against the rules written once more, the naive way", () => {
  it(`decides every question of ${count} small sites as all the ways they may be agree, or do not`, () => {
    const wrong: string[] = [];
    const tally: Record<string, number> = { ALLOWED: 0, DENIED: 0, UNKNOWN: 0 };
    for (let seed = 1; seed <= count; seed += 1) {
      const site = makeWorld(seed);
      const index = buildIndex(site);
      for (const account of site.accounts)
        for (const space of site.spaces) {
          for (const operation of questions) {
            const wanted = operationName(operation);
            const expected = decideNaively({ site, account, space, operation });
            const found = index.check(account.accountId, space.spaceId, operation);
            tally[found] = (tally[found] ?? 0) + 1;
            if (found !== expected)
              wrong.push(`seed ${seed}: ${account.accountId} ${wanted} in ${space.spaceId}: ${found}, not ${expected}`);
          }
        }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(count);
  });
});
