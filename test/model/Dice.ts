import { createHash } from "node:crypto";

/** Chance that is the same whenever it is asked the same: by what it is asked for, and not by when. */
export class Dice {
  constructor(readonly seed: string) {}

  /** 0 up to 1. */
  roll(...about: readonly (string | number)[]): number {
    const digest = createHash("sha256")
      .update(JSON.stringify([this.seed, ...about]))
      .digest();
    return digest.readUInt32BE(0) / 0x1_0000_0000;
  }

  pick<T>(from: readonly T[], ...about: readonly (string | number)[]): T {
    const picked = from[Math.floor(this.roll(...about) * from.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }
}
