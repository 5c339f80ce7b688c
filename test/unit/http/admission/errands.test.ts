import { describe, expect, it } from "vitest";
import { Errand } from "../../../../src/http/admission/Errand.js";
import { Crowd, currentWaiter, Leaver, workFor, workForChange } from "../../../../src/http/Waiting.js";

function somebody(errand: Errand): Leaver {
  const leaver = new Leaver();
  leaver.errand = errand;
  return leaver;
}

describe("on whose behalf calls are made", () => {
  it("goes along with the work, and is a change's where one is carried out", async () => {
    const errand = new Errand("reading", "a");
    await workFor(somebody(errand), async () => {
      await null;
      expect(currentWaiter()?.errand).toBe(errand);
      await workForChange("a", async () => {
        await null;
        expect(currentWaiter()).toMatchObject({ isGone: false, errand: { kind: "change", caller: "a" } });
      });
    });
    expect(currentWaiter()).toBeNull();
  });

  it("is of many who wait for one reading the one's whose calls go first", () => {
    const [fresh, reading, change] = [
      new Errand("fresh-reading", "a"),
      new Errand("reading", "b"),
      new Errand("change", "c"),
    ];
    const crowd = new Crowd();
    const seen = [null, fresh, reading, change, reading].map((errand) => {
      crowd.join(errand === null ? null : somebody(errand));
      return crowd.errand;
    });
    expect(seen).toEqual([null, fresh, reading, change, change]);
  });

  it("is of two readings the one's that took fewer calls", () => {
    const [long, small] = [new Errand("reading", "a"), new Errand("reading", "b")];
    long.calls = 40;
    expect([small.goesBefore(long), long.goesBefore(small)]).toEqual([true, false]);
  });
});
