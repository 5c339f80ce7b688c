import { expect, it } from "vitest";
import { Organizations } from "../../src/compose/Organizations.js";
import { Secret } from "../../src/config/Secret.js";
import type { AccountId } from "../../src/domain/ids.js";
import { createLogger } from "../../src/observability/Logger.js";
import { ManualClock } from "../support/ManualClock.js";
import { startUpstream } from "../unit/http/startUpstream.js";

it("sites of one organization that hold different API keys are each asked for with their own", async () => {
  const upstream = await startUpstream((_request, response) => void response.end('{"data":[],"links":{}}'));
  const logger = createLogger({ level: "error", destination: { write: () => undefined } });
  const organizations = new Organizations({ clock: new ManualClock(), random: () => 0, logger });
  const withKey = (key: string) =>
    organizations.of({ orgId: "org", apiKey: new Secret(key), scim: null }, upstream.url, async () => "cloud-1");

  for (const key of ["key-of-one", "key-of-another"]) await withKey(key).usersByIds(["a" as AccountId]);
  expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer key-of-one",
    "Bearer key-of-another",
  ]);
});
