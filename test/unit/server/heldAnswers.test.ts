import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it, onTestFinished, vi } from "vitest";
import { Turns } from "../../../src/callers/Turns.js";
import { SharedItems, Slices } from "../../../src/graph/cost/Slices.js";
import { inPieces } from "../../../src/server/answers/sendInPieces.js";
import { OperationAnswer } from "../../../src/server/operations/answerOperation.js";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Whether something is still held by anybody, once what is going on has come round. */
async function isHeld(of: WeakRef<object>): Promise<boolean> {
  await new Promise(setImmediate);
  collect();
  return of.deref() !== undefined;
}

async function lengthOf(pieces: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  return length;
}

it("an answer that was sent holds nothing of its body, whoever still holds the answer", async () => {
  const [answer, body] = (() => {
    const bytes = Buffer.alloc(400_000, "a");
    return [new OperationAnswer(bytes, [], 0), new WeakRef(bytes.buffer)];
  })();
  expect(await isHeld(body)).toBe(true);
  expect(answer.takeBody()).toHaveLength(400_000);
  expect(await isHeld(body)).toBe(false);
  expect(answer.takeBody()).toBe("");
});

it("what goes out in pieces holds none of them once they are out, whoever still holds it", async () => {
  const others = vi.spyOn(Turns.prototype, "isBeside").mockReturnValue(true);
  onTestFinished(() => others.mockRestore());
  const reply = { header: () => undefined };
  const [stream, body] = (() => {
    const bytes = Buffer.alloc(600_000, "a");
    return [inPieces({ raw: {} } as never, reply as never, bytes), new WeakRef(bytes.buffer)];
  })();
  expect(await lengthOf(stream as AsyncIterable<Buffer>)).toBe(600_000);
  expect(await isHeld(body)).toBe(false);
});

it("a row of a long list is let go of once it is written, and not when the last of the list is", async () => {
  const isFirstHeld: Promise<boolean>[] = [];
  const [list, first] = (() => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ at }));
    return [new SharedItems(new Slices(), rows, 1), new WeakRef(rows[0] as object)];
  })();
  let isFirst = true;
  await list.inSlices<unknown>(() => {
    // The last of it is written when somebody has looked.
    if (!isFirst) return isFirstHeld[0] ?? "";
    isFirst = false;
    isFirstHeld.push(new Promise(setImmediate).then(() => isHeld(first)));
    return "";
  });
  expect(await Promise.all(isFirstHeld)).toEqual([false]);
});
