import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets in a time that tells nothing about them. */
export function isSameSecret(given: string, accepted: string): boolean {
  return timingSafeEqual(digest(given), digest(accepted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
