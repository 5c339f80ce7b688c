import type { GroupId, RoleId, SpaceId } from "../../domain/ids.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { Aftermaths, type CarriedOut } from "../aftermath.js";
import type { AskedChange, MembershipChange, RowRevocation, SpaceChange } from "../Change.js";
import { otherRoleHeld } from "../plans/planRole.js";
import type { SpaceState } from "../plans/SpaceState.js";
import { type Reconciled, rehearse } from "../reconcile/reconcile.js";
import type { TargetQueue } from "../reconcile/TargetQueue.js";
import type { ChangeResult, Target, Task } from "../reconcile/Task.js";
import { FreshFacts } from "./FreshFacts.js";
import { type GroupState, groupTarget, membershipTask } from "./group.js";
import { type Asked, rowTask, spaceTarget, spaceTask } from "./space.js";
import { wavesOf } from "./waves.js";

/** How the changes of a target are done, or only looked at. */
interface Ways {
  ofGroup(target: Target<GroupState>, tasks: readonly Task<GroupState>[]): Promise<Reconciled<GroupState>[]>;
  ofSpace(target: Target<SpaceState>, tasks: readonly Task<SpaceState>[]): Promise<Reconciled<SpaceState>[]>;
}

/** Carries changes out, with their canonical names, in waves; the result of each in the order given. */
export function carryOutAll(
  store: SiteStore,
  changes: readonly AskedChange[],
  { asked, queue }: { readonly asked: Asked; readonly queue: TargetQueue },
): Promise<CarriedOut[]> {
  const ways: Ways = {
    ofGroup: (target, tasks) => queue.run(target, tasks),
    ofSpace: (target, tasks) => queue.run(target, tasks),
  };
  return settle(changes, { facts: new FreshFacts(store), asked, ways });
}

/**
 * What the changes would come to: nothing is written. Each is planned on what those before it in a run would have made of the
 * site, and one that takes administration away while no other is planned, as they are carried out.
 */
export function rehearseAll(store: SiteStore, changes: readonly AskedChange[], asked: Asked): Promise<CarriedOut[]> {
  const facts = new FreshFacts(store);
  const { planned } = facts;
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  // A target of several waves is read once: a later reading would not show what was planned.
  const states = new Map<string, unknown>();
  const again = <State>(target: Target<State>): Target<State> => ({
    ...target,
    read: async () => (states.has(target.key) ? (states.get(target.key) as State) : target.read()),
  });
  const keep = <State>({ key }: Target<State>, state: State): void => {
    states.set(key, state);
  };
  const ways: Ways = {
    ofGroup: (target, tasks) =>
      rehearse(again(target), tasks, {
        siteId: store.site.siteId,
        exclusively,
        planned: (state) => {
          keep(target, state);
          planned.takeMembers(state.group.groupId, state.listed);
        },
      }),
    ofSpace: (target, tasks) =>
      rehearse(again(target), tasks, {
        siteId: store.site.siteId,
        exclusively,
        planned: (state) => {
          keep(target, state);
          planned.takeSpace(state);
        },
      }),
  };
  return settle(changes, { facts, asked, ways });
}

async function settle(
  changes: readonly AskedChange[],
  { facts, asked, ways }: { readonly facts: FreshFacts; readonly asked: Asked; readonly ways: Ways },
): Promise<CarriedOut[]> {
  const ended: Omit<CarriedOut, "after">[] = [];
  const aftermaths = new Aftermaths();
  const targetsOf = ({ ofGroups, ofSpaces }: Wave) => [
    ...[...ofGroups].map(async ([groupId, entries]) => {
      // Who leaves in one request is gone when the last of them is looked at.
      const leaving = entries.filter(({ change }) => change.kind === "revokeMembership");
      const together = new Set(leaving.map(({ change }) => change.accountId));
      const tasks = entries.map(({ change }) => membershipTask(facts, change, { ...asked, together }));
      const reconciled = await ways.ofGroup(groupTarget(facts, groupId), tasks);
      entries.forEach(({ index, change }, position) => {
        const result = resultOf(reconciled[position]);
        if (result.outcome === "PLANNED") aftermaths.planned(change);
        ended[index] = { change, result, otherRoleId: null };
      });
    }),
    ...[...ofSpaces].map(async ([spaceId, entries]) => {
      const tasks = entries.map(({ change }) =>
        change.kind === "revokeRow" ? rowTask(facts, change, asked) : spaceTask(facts, change, asked),
      );
      const reconciled = await ways.ofSpace(spaceTarget(facts, spaceId), tasks);
      aftermaths.space(spaceId, reconciled.at(-1)?.after ?? null);
      entries.forEach(({ index }, position) => {
        const change = tasks[position]?.change;
        const one = reconciled[position];
        if (change === undefined || one === undefined) return;
        ended[index] = { change, result: resultOf(one), otherRoleId: otherRoleOf(change, one) };
      });
    }),
  ];
  await facts.throughout(async () => {
    for (const wave of intoWaves(changes)) await Promise.all(targetsOf(wave));
  });
  const after = aftermaths.finish(facts.store);
  return ended.map((each) => ({ ...each, after }));
}

/** The other role that stood there: as it was recorded before a call replaced it, else as it was read. */
function otherRoleOf(change: AskedChange, { undo, before }: Reconciled<SpaceState>): RoleId | null {
  if (change.kind !== "grantRole") return null;
  const recorded = undo?.formerRoleId;
  if (typeof recorded === "string") return recorded as RoleId;
  return before === null ? null : otherRoleHeld(change, before);
}

function resultOf(ended: ChangeResult | undefined): ChangeResult {
  if (ended === undefined) throw new Error("A change without an ending.");
  const { outcome, fault, plan, changeId, reach = [] } = ended;
  return { outcome, fault, plan, changeId, reach };
}

interface Entry<C extends AskedChange> {
  readonly index: number;
  readonly change: C;
}

/** Changes that are carried out side by side, by their targets. */
interface Wave {
  readonly ofGroups: Map<GroupId, Entry<MembershipChange>[]>;
  readonly ofSpaces: Map<SpaceId, Entry<SpaceChange | RowRevocation>[]>;
}

function intoWaves(changes: readonly AskedChange[]): readonly Wave[] {
  const waveOf = wavesOf(changes);
  const count = Math.max(0, ...waveOf) + 1;
  const waves = Array.from({ length: count }, (): Wave => ({ ofGroups: new Map(), ofSpaces: new Map() }));
  changes.forEach((change, index) => {
    const wave = waves[waveOf[index] ?? 0];
    if (wave === undefined) throw new Error("A change without a wave.");
    if ("groupId" in change) addTo(wave.ofGroups, change.groupId, { index, change });
    else addTo(wave.ofSpaces, change.spaceId, { index, change });
  });
  return waves;
}

function addTo<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [item]);
  else there.push(item);
}
