import { describe, expect, it } from "vitest";
import { Requests } from "../../../src/provisioning/Requests.js";
import { MemoryRecord } from "../../../src/record/MemoryRecord.js";
import { RecordUnavailable } from "../../../src/record/Sql.js";
import { ManualClock } from "../../support/ManualClock.js";

const request = { caller: "token", callerRequestId: "once", isDryRun: false, name: "createGroup", input: {} };

/** How a request ends whose claim the record answers with this error, and whether it was carried out. */
async function endingWith(error: Error) {
  class Failing extends MemoryRecord {
    override async claim(): Promise<never> {
      throw error;
    }
  }
  let runs = 0;
  const requests = new Requests({ record: new Failing(new ManualClock()), passwordKey: "key" });
  const answer = requests.answer(request, {
    run: async () => {
      runs += 1;
      return "done";
    },
    isFinal: () => true,
  });
  return { answer: await answer.catch((thrown: unknown) => thrown), runs };
}

describe("a request under an id of its caller", () => {
  it("is refused and not carried out while the record cannot say whether it was before", async () => {
    expect(await endingWith(new RecordUnavailable("away"))).toMatchObject({
      answer: { kind: "refused", fault: { code: "AUDIT_UNAVAILABLE", field: [] } },
      runs: 0,
    });
  });

  it("does not call a defect of ours a record that is away", async () => {
    const defect = new TypeError("x is undefined");
    expect(await endingWith(defect)).toEqual({ answer: defect, runs: 0 });
  });
});
