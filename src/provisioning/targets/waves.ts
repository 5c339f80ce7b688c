import { type Operation, operationName } from "../../domain/Operation.js";
import type { AskedChange } from "../Change.js";

/**
 * In which wave each change of a request is carried out; a wave begins when the one before is through. Targets are changed side by
 * side, and who may be left to administer a space is decided over several of them: what may take administration away waits for
 * what gives it in another target and stands before it, so that a space can be handed over by way of a group. Most requests are one
 * wave; a request that moves people from group to group is two, and reads no group more often for it.
 */
export function wavesOf(changes: readonly AskedChange[]): readonly number[] {
  const waves: number[] = [];
  for (const [index, change] of changes.entries()) {
    const earlier = changes.slice(0, index);
    const earliest = earlier.map((other, at) => {
      const wave = waves[at] ?? 0;
      if (isHandover(other, change)) return wave + 1;
      return isFollowed(other, change) ? wave : 0;
    });
    waves.push(Math.max(0, ...earliest));
  }
  return waves;
}

/** Of two spaces neither says who administers the other one. */
function isHandover(earlier: AskedChange, later: AskedChange): boolean {
  const isOverGroup = "groupId" in earlier || "groupId" in later;
  return isOverGroup && targetOf(earlier) !== targetOf(later) && mayGive(earlier) && mayTake(later);
}

/** What stays in its order within a target: all of a space, and in a group what is about one account. */
function isFollowed(earlier: AskedChange, later: AskedChange): boolean {
  if (targetOf(earlier) !== targetOf(later)) return false;
  return !("groupId" in earlier && "groupId" in later) || earlier.accountId === later.accountId;
}

function targetOf(change: AskedChange): string {
  return "groupId" in change ? `group ${change.groupId}` : `space ${change.spaceId}`;
}

function mayGive(change: AskedChange): boolean {
  if (change.kind === "grantPermissions") return change.operations.some(matters);
  return change.kind === "grantMembership" || change.kind === "grantRole";
}

function mayTake(change: AskedChange): boolean {
  if (change.kind === "revokePermissions") return change.operations.some(matters);
  if (change.kind === "grantRole") return change.onExistingRole === "REPLACE";
  return change.kind === "revokeMembership" || change.kind === "revokeRole" || change.kind === "revokeRow";
}

/** Who administers a space reads it. */
function matters(operation: Operation): boolean {
  return administering.has(operationName(operation));
}

const administering: ReadonlySet<string> = new Set(["administer/space", "read/space"]);
