import { LRUCache } from "lru-cache";
import type { Group } from "../../../domain/Group.js";
import type { GroupId } from "../../../domain/ids.js";
import { groupIdOf } from "./dataCenterNames.js";

/** Of names in UTF-16, with what an entry costs beside them: some 200,000 groups. */
const maxBytes = 32_000_000;
const bytesPerEntry = 100;

interface Spelling {
  readonly name: string;
  /** True when the site told it of the group itself, false when a list of somebody's groups did. */
  readonly isOwn: boolean;
}

/**
 * How a site spells its groups. Their ids do not hang on it: those are the names folded, whatever was read before. What the
 * list of groups or a look-up by name says is a group's name; the groups of an account or of a group may spell it otherwise.
 * What is forgotten is learned again from the next row.
 */
export class GroupBook {
  readonly #spellings = new LRUCache<GroupId, Spelling>({
    maxSize: maxBytes,
    sizeCalculation: ({ name }) => bytesPerEntry + 4 * name.length,
  });

  /** A row that is the group's own, of the list of groups or of a look-up by name. */
  learn({ name }: { readonly name: string }): Group {
    const groupId = groupIdOf(name);
    this.#spellings.set(groupId, { name, isOwn: true });
    return mapGroup(groupId, name);
  }

  /** A row of a list that names groups for another's sake. */
  meet({ name }: { readonly name: string }): Group {
    const groupId = groupIdOf(name);
    const known = this.#spellings.get(groupId);
    if (known?.isOwn === true) return mapGroup(groupId, known.name);
    this.#spellings.set(groupId, { name, isOwn: false });
    return mapGroup(groupId, name);
  }

  /** The name as the site spells it, for calls; as its id does where nothing was read of the group yet. */
  nameOf(groupId: GroupId): string {
    return this.#spellings.get(groupId)?.name ?? groupId;
  }

  /** A group that comes after one that was deleted may be spelled otherwise. */
  forget(groupId: GroupId): void {
    this.#spellings.delete(groupId);
  }
}

/** Nothing says who manages a group or what it is for. */
function mapGroup(groupId: GroupId, name: string): Group {
  return { groupId, name, managedBy: "UNKNOWN", reportedManager: null, usage: "UNKNOWN", reportedUsage: null };
}
