import { createHash } from "node:crypto";
import { PendingWork } from "../../http/PendingWork.js";
import { asUuid } from "../../world/generation/random.js";
import type { CloudWorld, SpaceRoleMode, WorldAccount, WorldRole } from "../../world/World.js";
import { AccountBook, GroupBook } from "./directory.js";
import { SpaceBook } from "./spaces.js";

/** Everything that one Cloud site holds, indexed. Services of the same organization are to share it. */
export class CloudState {
  readonly cloudId: string;
  readonly mode: SpaceRoleMode;
  readonly addingMemberTwice: 201 | 400;
  readonly deletedGroupsLoseGrants: boolean;
  readonly accounts: AccountBook;
  readonly groups: GroupBook;
  readonly spaces: SpaceBook;
  readonly roles: Map<string, WorldRole>;
  readonly pending = new PendingWork();
  readonly #world: CloudWorld;
  #uuids = 0;

  /** `hiddenEmails`: see `AccountBook`. */
  constructor(world: CloudWorld, hiddenEmails: readonly string[] = []) {
    this.#world = world;
    this.cloudId = world.cloudId;
    this.mode = world.mode;
    this.addingMemberTwice = world.addingMemberTwice ?? 400;
    this.deletedGroupsLoseGrants = world.deletedGroupsLoseGrants ?? false;
    this.accounts = new AccountBook(world.accounts, hiddenEmails);
    this.groups = new GroupBook(world.groups, this.accounts);
    this.spaces = new SpaceBook(world.spaces);
    this.roles = new Map(world.roles.map((role) => [role.id, role]));
  }

  /** A new id, the same in the same order of calls, so that a run can be repeated. */
  newUuid(): string {
    let uuid: string;
    do {
      this.#uuids += 1;
      const hex = createHash("sha256").update(`${this.cloudId} ${this.#uuids}`).digest("hex");
      uuid = asUuid(hex);
      // A world printed by another run may hold ids that this run would give out again.
    } while (this.groups.get(uuid) || this.roles.has(uuid) || this.accounts.get(`712020:${uuid}`));
    return uuid;
  }

  /** Somebody who is new here and has no product yet; `put` adds it. Named by the address where no name is known. */
  newPerson(email: string, displayName: string = email.split("@")[0] ?? email): WorldAccount {
    const accountId = `712020:${this.newUuid()}`;
    return { accountId, accountType: "atlassian", accountStatus: "active", displayName, email };
  }

  /** The state in the format of world files. */
  snapshot(): CloudWorld {
    return {
      ...this.#world,
      accounts: this.accounts.all(),
      groups: this.groups.all(),
      spaces: this.spaces.all(),
      roles: [...this.roles.values()],
    };
  }
}
