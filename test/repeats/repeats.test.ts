import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SiteId } from "../../src/domain/ids.js";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { idsOf } from "../provisioning/ids.js";
import { ManualClock } from "../support/ManualClock.js";
import { deployments, type StartedDeployment, startDeployment } from "../sweep/deployments.js";
import { type GivenArguments, questionsByLiveField, questionsByType } from "./questions.js";
import { runRepeats } from "./runRepeats.js";
import { type Repeating, startRepeating } from "./startRepeating.js";

const { schema } = buildGraphSchema();

/** What the questions are given that need to be given something, on the world that is swept. */
function givenOn(siteId: string): GivenArguments {
  const ids = idsOf(siteId as SiteId);
  const check = `{ account: "${ids.account(2)}", space: "${ids.space(1)}", permission: { operation: "read", target: "space" } }`;
  return {
    "Query.account": `id: "${ids.account(2)}"`,
    "Query.group": `id: "${ids.group("group-1")}"`,
    "Query.space": `id: "${ids.space(1)}"`,
    "Query.grant": `id: "${ids.membership("group-1", 2)}"`,
    "Query.identity": `email: "admin@sandbox.test"`,
    "Query.checkAccess": `input: ${check}`,
    "Query.checkAccesses": `inputs: [${check}]`,
    "Query.compareAccess": `accounts: ["${ids.account(1)}", "${ids.account(2)}"], wait: 30`,
    "Query._entities": `representations: [{ __typename: "Account", id: "${ids.account(2)}" }]`,
    "Query.change": 'requestId: "none"',
    "Query.changeRequest": 'requestId: "none"',
    "Query.previewChanges": `changes: []`,
  };
}

describe("every field of the schema is at rest, or in the table of those that never are", () => {
  const clock = new ManualClock();
  let started: StartedDeployment;
  let repeating: Repeating;

  beforeAll(async () => {
    const deployment = deployments.find(({ name }) => name === "cloud ROLES_TRANSITION scim");
    if (deployment === undefined) throw new Error("There is no such deployment.");
    started = await startDeployment(deployment, { rows: 100, isProvisioningOn: true, sandbox: { clock } });
    repeating = await startRepeating([started.site], { clock });
    // What is read once is read by the time it counts.
    for (const { query } of questionsByType(schema, givenOn(started.site.siteId))) await repeating.ask(query);
    await clock.advance(1);
  });
  afterAll(async () => {
    await repeating.close();
    await started.close();
  });

  it("a question about what is at rest is answered again, byte for byte, from what is remembered", async () => {
    const notGiven: string[] = [];
    for (const { about, query } of questionsByType(schema, givenOn(started.site.siteId))) {
      // Apollo answers the first question of a document; of the others the second is worth remembering.
      const second = await repeating.ask(query);
      await repeating.ask(query);
      const { sent, anew } = await repeating.askBoth(query);
      if (anew === null) notGiven.push(`${about}: ${query}\n${second.body.slice(0, 300)}`);
      else expect({ about, ...sent }).toEqual({ about, ...anew });
    }
    expect(notGiven).toEqual([]);
  });

  it("one about what never is at rest is not", async () => {
    const questions = questionsByLiveField(schema, givenOn(started.site.siteId));
    expect(questions.map(({ about }) => about)).not.toEqual([]);
    for (const { about, query } of questions) {
      for (let time = 1; time <= 4; time += 1) await repeating.ask(query);
      const { anew } = await repeating.askBoth(query);
      expect({ about, isGivenAgain: anew !== null }).toEqual({ about, isGivenAgain: false });
    }
  });
});

// The long form is `npm run repeats`.
it.each(["1/0", "1/3"])(
  "what is answered again is what would be answered anew, whatever happened (%s)",
  async (seed) => {
    const { given, differences } = await runRepeats(seed, 35);
    expect(differences).toEqual([]);
    expect(given).toBeGreaterThan(5);
  },
);
