import { administerSpace } from "../../access/findings/evaluateAdministrator.js";
import { indexSpace, operationKey, type SpaceIndex } from "../../access/SpaceFacts.js";
import type { ChangeFault } from "../../domain/Change.js";
import { type Complete, knownEmpty } from "../../domain/Complete.js";
import type { SpaceGrant } from "../../domain/Grant.js";
import { type Operation, readSpace } from "../../domain/Operation.js";
import { principalKey } from "../../domain/Principal.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import type { SpaceState } from "../plans/SpaceState.js";
import { type Refusal, refuse } from "../reconcile/Task.js";
import { type AdministeredSpace, AdministratorSearch, noLoss } from "./AdministratorSearch.js";
import { nothingPlanned, type PlannedSoFar } from "./PlannedSoFar.js";

/**
 * Whether a change of what a space grants may take administration from anybody: a holder of it loses it, or the read it needs;
 * or a read goes that others may administer by. Asks nobody: most changes are none of the kind, and cost no reading of people.
 */
export function takesAdministration(before: SpaceState, after: SpaceState): boolean {
  if (takesLastRow(before, after)) return true;
  const [was, is] = [before, after].map(holdersIn) as [Holders, Holders];
  const isLost = [...was.administering].some((key) => !is.administering.has(key));
  if (isLost) return true;
  const lostRead = [...was.reading].filter((key) => !is.reading.has(key));
  return lostRead.length > 0 && [...is.administering].some((key) => !is.reading.has(key));
}

/**
 * Refuses a change after which no active person would administer the space any more, where somebody does now. What cannot be
 * known because a reading failed is not taken for an administrator, nor for none. `isProved`: somebody remains.
 */
export async function refuseLastAdministrator(
  { loaders, planned }: { readonly loaders: SiteLoaders; readonly planned: PlannedSoFar },
  before: SpaceState,
  after: SpaceState,
): Promise<{ readonly refusal: Refusal | null; readonly isProved: boolean }> {
  const refused = (...parts: Parameters<typeof refuse>) => ({ refusal: refuse(...parts), isProved: false });
  const circumstances = { loss: noLoss, planned };
  const later = await new AdministratorSearch(loaders, administered(loaders.store, after), circumstances).find();
  const isRow = takesLastRow(before, after);
  if (later.is === "YES" && !isRow) return { refusal: null, isProved: true };
  const now = await new AdministratorSearch(loaders, administered(loaders.store, before), circumstances).find();
  if (now.is === "NO") return { refusal: null, isProved: false };
  if (later.is === "YES") return refused("LAST_ADMINISTRATOR", ["principal"], lastRow);
  if (later.is === "NO" && now.is === "YES") return refused("LAST_ADMINISTRATOR", ["principal"], wouldBeLeft);
  const [gap] = later.is === "UNKNOWN" ? later.gaps : now.is === "UNKNOWN" ? now.gaps : [];
  return refused("STATE_UNKNOWN", ["principal"], `${whoElseUnknown} ${gap?.reason ?? ""}`.trim());
}

/** What to tell after a change that somebody remained to administer the space by; by readings newer than the change. */
export async function foundWithoutAdministrator(store: SiteStore, after: SpaceState): Promise<ChangeFault | null> {
  const loaders = new SiteLoaders(store, store.clock.now());
  const circumstances = { loss: noLoss, planned: nothingPlanned };
  const found = await new AdministratorSearch(loaders, administered(store, after), circumstances).find();
  return found.is === "NO" ? { code: "LAST_ADMINISTRATOR", field: [], message: isLeft } : null;
}

/**
 * Whether the last single permission to administer goes, where Confluence refuses that by itself whatever roles give (Cloud,
 * `DELETE …/space/{key}/permission/{id}`: 400): then nothing is sent.
 */
function takesLastRow({ hasCascades, grants }: SpaceState, after: SpaceState): boolean {
  return hasCascades && grants.some(isAdministering) && !after.grants.some(isAdministering);
}

function isAdministering(grant: SpaceGrant): boolean {
  return grant.kind === "permission" && operationKey(grant.operation) === operationKey(administerSpace);
}

interface Holders {
  readonly administering: ReadonlySet<string>;
  readonly reading: ReadonlySet<string>;
}

/** Who holds administration, or a role that may give it, and who reads by itself. */
function holdersIn(state: SpaceState): Holders {
  const index = indexSpace({ ...administeredAt(state, 0), gaps: [] });
  const anything = keysOf(index.grantsGivingAnything);
  const giving = (operation: Operation) => keysOf(index.grantsGiving.get(operationKey(operation)));
  return {
    administering: new Set([...giving(administerSpace), ...anything]),
    reading: new Set([...giving(readSpace), ...anything]),
  };
}

function keysOf(grants: SpaceIndex["grantsGivingAnything"] | undefined): string[] {
  if (grants === undefined) return [];
  return [...grants.byAccount.values(), ...grants.shared].map(({ principal }) => principalKey(principal));
}

/** A state as the search for administrators takes it. */
export function administered({ clock }: Pick<SiteStore, "clock">, state: SpaceState): AdministeredSpace {
  return administeredAt(state, clock.now());
}

/** A state was read whole, or there is none. */
function administeredAt({ space, grants, roles, model }: SpaceState, asOfMs: number): AdministeredSpace {
  const whole = <T>(items: readonly T[]): Complete<T> => ({ ...knownEmpty(asOfMs), items });
  const { spaceId, status } = space;
  return { spaceId, status, grants: whole(grants), roles: whole(roles), model };
}

const wouldBeLeft =
  "This would leave the space without an active person who administers it. Give administer/space, or a role with it, to somebody else first.";

const lastRow =
  "Confluence keeps the last single permission to administer a space, whatever roles give. Give administer/space to somebody else first.";

const whoElseUnknown =
  "Whether anybody else administers the space could not be read, so nothing is changed. Repeat it later, or give administer/space to another active person first.";

const isLeft =
  "The change was carried out, and the space is now found without an active person who administers it: something else changed meanwhile. Give administer/space, or a role with it, to somebody.";
