import type { AccountId, GroupId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import { type Principal, principalKey } from "../../../domain/Principal.js";
import { type AccessClassName, accessClassOf } from "../../SiteFacts.js";
import type { IndexOptions } from "../parts.js";
import type { Interner } from "./Interner.js";

/** Where the numbers of groups, and of classes, begin among those of holders. Small enough for every engine's small integers. */
export const firstGroup = 2 ** 29;
export const firstClass = 2 ** 30;

type AccessClass = Extract<Principal, { readonly kind: "accessClass" }>;

/** One number for one principal that holds grants: accounts, then groups, then classes. */
export class Holders {
  readonly #accounts: Interner<AccountId>;
  readonly #internGroup: (groupId: GroupId) => number;
  readonly #groups: Interner<GroupId>;
  readonly #rules: IndexOptions["rules"];
  readonly #permissionIdOf: IndexOptions["permissionIdOf"];
  readonly #classes: AccessClass[] = [];
  readonly #classNames: AccessClassName[] = [];
  readonly #classNumbers = new Map<string, number>();

  constructor(
    accounts: Interner<AccountId>,
    groups: Interner<GroupId>,
    internGroup: (groupId: GroupId) => number,
    { rules, permissionIdOf }: IndexOptions,
  ) {
    this.#accounts = accounts;
    this.#groups = groups;
    this.#internGroup = internGroup;
    this.#rules = rules;
    this.#permissionIdOf = permissionIdOf;
  }

  /** Every class that holds anything, in the order met. */
  get classes(): readonly AccessClass[] {
    return this.#classes;
  }

  get classCount(): number {
    return this.#classes.length;
  }

  codeOf(principal: Principal): number {
    switch (principal.kind) {
      case "account":
        return this.#accounts.intern(principal.accountId);
      case "group":
        return firstGroup + this.#internGroup(principal.groupId);
      case "accessClass":
        return firstClass + this.#internClass(principal);
    }
  }

  /** -1 for a principal that holds nothing and is in nothing. */
  findCode(principal: Principal): number {
    switch (principal.kind) {
      case "account":
        return this.#accounts.find(principal.accountId) || -1;
      case "group": {
        const group = this.#groups.find(principal.groupId);
        return group === 0 ? -1 : firstGroup + group;
      }
      case "accessClass": {
        const number = this.#classNumbers.get(principalKey(principal));
        return number === undefined ? -1 : firstClass + number;
      }
    }
  }

  principalOf(code: number): Principal {
    if (code >= firstClass)
      return this.#classes[code - firstClass] ?? { kind: "accessClass", classId: "", reportedType: "" };
    if (code >= firstGroup) return { kind: "group", groupId: this.#groups.idOf(code - firstGroup) ?? ("" as GroupId) };
    return { kind: "account", accountId: this.#accounts.idOf(code) ?? ("" as AccountId) };
  }

  /** Which class a holder stands for. */
  classNameOf(code: number): AccessClassName {
    return this.#classNames[code - firstClass] ?? "OTHER";
  }

  /** Which class a principal stands for that holds something elsewhere than in a space. */
  classOf(principal: AccessClass): AccessClassName {
    return accessClassOf(principal, this.#rules);
  }

  /** The id that a granular row has by itself; empty where rows have ids of their own. */
  permissionIdOf(principal: Principal, operation: Operation): string {
    return this.#permissionIdOf?.(principal, operation) ?? "";
  }

  get bytes(): number {
    return this.#classes.length * 300;
  }

  #internClass(principal: AccessClass): number {
    const key = principalKey(principal);
    const known = this.#classNumbers.get(key);
    if (known !== undefined) return known;
    this.#classes.push({ kind: "accessClass", classId: principal.classId, reportedType: principal.reportedType });
    this.#classNames.push(accessClassOf(principal, this.#rules));
    this.#classNumbers.set(key, this.#classes.length - 1);
    return this.#classes.length - 1;
  }
}
