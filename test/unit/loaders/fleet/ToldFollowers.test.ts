import { beforeEach, describe, expect, it } from "vitest";
import { Sealer } from "../../../../src/fleet/Sealer.js";
import { ToldFollowers } from "../../../../src/loaders/fleet/ToldFollowers.js";

const keys = { keys: [Buffer.from("a-word-of-at-least-32-characters-for-a-fleet")] };
const at = (n: number) => ({ epoch: "epoch", n, random: "random" });

describe("how far the processes have heard", () => {
  let nowMs: number;
  beforeEach(() => {
    nowMs = 1_000_000;
  });

  /** One process's view of it. */
  function of(processId: string) {
    const sealer = new Sealer(keys);
    const engine = {
      processId,
      seal: (key: string, plain: Buffer) => sealer.seal(key, plain),
      open: (key: string, sealed: Buffer) => sealer.open(key, sealed),
    };
    return new ToldFollowers(engine, "followers", () => nowMs);
  }
  const stands = (sealed: Buffer) => Buffer.concat([Buffer.from("123 "), sealed]);
  const agoOf = (view: ToldFollowers, standing: ReadonlyMap<string, Buffer>) =>
    view.take(standing).map((each) => [each.processId, each.at.n, each.agoMs]);

  it("is as old as since it was seen first, whatever time stands beside it, and told again it is new", () => {
    const [one, other] = [of("one"), of("other")];
    const told = new Map([["one", stands(one.tell(at(3)))]]);
    expect(agoOf(other, told)).toEqual([["one", 3, 0]]);
    nowMs += 700;
    const [, value = Buffer.alloc(0)] = [...told][0] ?? [];
    const later = Buffer.concat([Buffer.from("999"), value]);
    expect(agoOf(other, new Map([["one", later]]))).toEqual([["one", 3, 700]]);
    expect(agoOf(other, new Map([["one", stands(one.tell(at(3)))]]))).toEqual([["one", 3, 0]]);
  });

  it("counts on where it is gone, until it is too old to matter; and no more where the process has left", () => {
    const [one, third, other] = [of("one"), of("third"), of("other")];
    const standing = new Map([
      ["one", stands(one.tell(at(3)))],
      ["third", stands(third.tell(at(4)))],
    ]);
    expect(agoOf(other, standing)).toEqual([
      ["one", 3, 0],
      ["third", 4, 0],
    ]);
    nowMs += 9_999;
    expect(agoOf(other, new Map([["third", stands(third.leaving)]]))).toEqual([["one", 3, 9_999]]);
    nowMs += 1;
    expect(agoOf(other, new Map())).toEqual([["one", 3, 10_000]]);
    expect(agoOf(other, new Map())).toEqual([]);
  });

  it("is of whom it stands for alone: from elsewhere it is somebody's who has heard of nothing", () => {
    const [one, other] = [of("one"), of("other")];
    const mine = stands(one.tell(at(3)));
    expect(agoOf(other, new Map([["third", mine]]))).toEqual([["third", 0, 0]]);
    for (const odd of [Buffer.alloc(0), Buffer.from(" "), Buffer.from("1 epoch 3")])
      expect(agoOf(other, new Map([["third", odd]]))).toEqual([["third", 0, 0]]);
    expect(agoOf(other, new Map([["third", stands(of("third").tell(null))]]))).toEqual([["third", 0, 0]]);
  });
});
