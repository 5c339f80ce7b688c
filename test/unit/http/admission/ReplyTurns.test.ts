import { describe, expect, it } from "vitest";
import { ReplyTurns } from "../../../../src/http/admission/ReplyTurns.js";

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("replies that came together", () => {
  it("are read behind what was to be done when the last of them came, in their order", async () => {
    const replies = new ReplyTurns();
    const done: string[] = [];
    const first = replies.turn().then(() => done.push("first"));
    setImmediate(() => done.push("next call"));
    const second = replies.turn().then(() => done.push("second"));
    await Promise.all([first, second]);
    expect(done).toEqual(["next call", "first", "second"]);
  });

  it("are read some at a time, with whatever else comes between", async () => {
    const replies = new ReplyTurns();
    let read = 0;
    for (let at = 0; at < 20; at += 1) void replies.turn().then(() => (read += 1));
    const counts: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await nextTurn();
      counts.push(read);
    }
    expect(counts).toEqual([8, 16, 20, 20]);
  });

  it("are read in the same turn of the event loop where there is one alone, and later ones as well", async () => {
    const replies = new ReplyTurns();
    for (let at = 0; at < 3; at += 1) {
      let isRead = false;
      void replies.turn().then(() => {
        isRead = true;
      });
      await nextTurn();
      expect(isRead).toBe(true);
    }
  });
});
