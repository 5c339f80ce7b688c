import type { Change } from "../Change.js";
import { bringAccountBack, bringGroupBack } from "./bringBack.js";
import { type Inverse, inverseOf } from "./inverseOf.js";
import { cutFault, partFault, partOf, refused, type Undoing, type Undone } from "./Undoing.js";

/** Carries out the inverse of a change, as ordinary changes. */
export async function carryOutInverse(inverse: Exclude<Inverse, { kind: "none" }>, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  switch (inverse.kind) {
    case "access": {
      const [ended] = await provisioner.carryOut([inverse.change], provenance, isDryRun);
      if (ended === undefined) throw new Error("A change without an ending.");
      return { result: ended.result, changes: [] };
    }
    case "deleteGroup":
      return { result: await provisioner.deleteGroup(inverse.groupId, provenance, isDryRun), changes: [] };
    case "status": {
      const asked = { provenance, isDryRun };
      return { result: await provisioner.changeAccountStatus(inverse.action, inverse.accountId, asked), changes: [] };
    }
    case "createGroup":
      return bringGroupBack(inverse, undoing);
    case "bringBack":
      return bringAccountBack(inverse, undoing);
    case "parts":
      return takePartsBack(inverse.changeId, undoing);
  }
}

/** Takes back what was granted with an account, the last first. The account stays: others may have given it something since. */
async function takePartsBack(changeId: string, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  const inverses = (await undoing.linked("partOf", changeId)).map(inverseOf);
  const changes = inverses.flatMap((inverse): Change[] => (inverse.kind === "access" ? [inverse.change] : []));
  const [first, ...others] = changes;
  if (first === undefined) return refused("UNSUPPORTED", `Nothing that it granted can be taken back. ${accountStays}`);
  // One change was counted when it was asked for.
  const now = [first, ...others.slice(0, undoing.take(others.length))];
  const ended = await provisioner.carryOut(now, provenance, isDryRun);
  const outcomes = new Set(ended.map(({ result }) => result.outcome));
  const [only] = outcomes;
  const outcome = outcomes.has("FAILED") ? "FAILED" : outcomes.size === 1 && only !== undefined ? only : "REMOVED";
  const plan = [...ended.flatMap(({ result }) => result.plan), accountStays];
  const fault = cutFault(now.length, changes.length) ?? partFault(ended);
  return { result: { outcome, fault, plan, changeId: null }, changes: ended.map(partOf) };
}

const accountStays =
  "The account, its product role and what went out with an invitation stay: suspendAccount and removeAccount take them.";
