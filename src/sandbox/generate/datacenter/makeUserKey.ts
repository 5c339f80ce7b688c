import type { Random } from "../../random/Random.js";

/** 32 hexadecimal digits; those of one installation begin alike. */
export function makeUserKey(random: Random): string {
  return `2c958083${random.uuid().replaceAll("-", "").slice(0, 24)}`;
}
