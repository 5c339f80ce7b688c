import { inSlices, type Steps } from "../../access/index/store/slices.js";
import type { Complete } from "../../domain/Complete.js";
import type { StoredSpaceGrant } from "../../domain/Grant.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { compareText } from "../../domain/textOrder.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Parts } from "./Sequence.js";
import { slicing } from "./slicing.js";
import { readAllSpaceGrants } from "./spaceGrants.js";

/** Parts that are gone through in one step. */
const partsAStep = 64;

/** What every space of the site grants to one principal. */
export async function readSpaceGrantsOfPrincipal(
  loaders: SiteLoaders,
  principal: Principal,
): Promise<Complete<StoredSpaceGrant>> {
  const { parts, ...trust } = await readAllSpaceGrants(loaders);
  const index = loaders.store.kept.of("holders of space grants", () => new HolderIndex());
  return { ...trust, items: await index.grantsOf(principal, parts) };
}

const bytesOfPlace = 40;

/** More parts than these are not sorted. */
const partsSorted = 500;

/** Which parts hold a grant of whom. It follows the parts: what changed is taken out and put in, the others stay. */
class HolderIndex {
  /** How often a part stands for a holder. */
  #places = 0;
  readonly #partsOf = new Map<string, Set<readonly StoredSpaceGrant[]>>();
  #indexed: Parts<StoredSpaceGrant> = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** Asked for other parts by another request, one waits for the other. */
  grantsOf(principal: Principal, parts: Parts<StoredSpaceGrant>): Promise<readonly StoredSpaceGrant[]> {
    const turn = this.#turn.then(async () => {
      if (parts !== this.#indexed) await inSlices(this.#follow(parts), slicing);
      return inSlices(this.#find(principalKey(principal)), slicing);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** What it takes to know where each holder stands, about. */
  get bytes(): number {
    return this.#places * bytesOfPlace;
  }

  *#find(holder: string): Steps<readonly StoredSpaceGrant[]> {
    const holding = this.#inOrder(this.#partsOf.get(holder) ?? new Set());
    yield;
    const found: StoredSpaceGrant[] = [];
    for (const [index, part] of holding.entries()) {
      if (index % partsAStep === partsAStep - 1) yield;
      for (const grant of part) if (principalKey(grant.principal) === holder) found.push(grant);
    }
    return found;
  }

  #inOrder(holding: ReadonlySet<readonly StoredSpaceGrant[]>): Parts<StoredSpaceGrant> {
    // Whoever holds something in many spaces is found faster in the order that is there.
    if (holding.size > partsSorted) return this.#indexed.filter((part) => holding.has(part));
    return [...holding].sort(([left], [right]) => compareText(left?.key ?? "", right?.key ?? ""));
  }

  *#follow(parts: Parts<StoredSpaceGrant>): Steps {
    const before = new Set(this.#indexed);
    const after = new Set(parts);
    let done = 0;
    for (const part of before) {
      if (after.has(part)) continue;
      for (const holder of holdersOf(part)) this.#takeOut(holder, part);
      done += 1;
      if (done % partsAStep === 0) yield;
    }
    for (const part of after) {
      if (before.has(part)) continue;
      for (const holder of holdersOf(part)) {
        const held = this.#partsOf.get(holder);
        this.#places += 1;
        if (held === undefined) this.#partsOf.set(holder, new Set([part]));
        else held.add(part);
      }
      done += 1;
      if (done % partsAStep === 0) yield;
    }
    this.#indexed = parts;
  }

  #takeOut(holder: string, part: readonly StoredSpaceGrant[]): void {
    const held = this.#partsOf.get(holder);
    if (held?.delete(part) === true) this.#places -= 1;
    if (held?.size === 0) this.#partsOf.delete(holder);
  }
}

function holdersOf(part: readonly StoredSpaceGrant[]): Set<string> {
  return new Set(part.map(({ principal }) => principalKey(principal)));
}
