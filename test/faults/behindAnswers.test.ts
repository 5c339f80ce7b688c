import { expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human } from "../support/worlds.js";

const minuteMs = 60_000;

it("what cannot be read again behind a stale answer is a warning, once a minute and kind", async () => {
  await using stack = await startStack({
    world: cloudWorld({ accounts: [human(1), human(2), human(3)] }),
    env: { CACHE_TTL_ACCOUNTS: "600" },
  });
  const warnings = () =>
    stack.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => String(msg).startsWith("what is served could not be read again"));
  const ask = async (number: number) => {
    const { data, errors } = await stack.query(
      `{ account(siteId: "${stack.siteId}", accountId: "${human(number).accountId}") { displayName } }`,
    );
    expect([data.account.displayName, errors]).toEqual([`Human ${number}`, undefined]);
  };
  const refused = () => stack.calls().filter((call) => call.includes("users-bulk")).length;
  for (const number of [1, 2, 3]) await ask(number);
  const before = refused();
  await stack.fail({ match: "POST /wiki/api/v2/users-bulk", status: 403, times: -1 });
  stack.clock.shift(11 * minuteMs);

  await ask(1);
  await expect
    .poll(warnings)
    .toMatchObject([{ level: "warn", siteId: stack.siteId, reading: "account", kind: "AccessRefused", before: 0 }]);
  await ask(2);
  await expect.poll(refused).toBe(before + 2);
  stack.clock.shift(minuteMs);
  await ask(3);
  // Those that were not said are counted.
  await expect.poll(warnings).toMatchObject([{ before: 0 }, { before: 1 }]);
});
