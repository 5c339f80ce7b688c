import type { SpaceId } from "../domain/ids.js";
import { principalKey } from "../domain/principalKey.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "../loaders/account.js";
import { group } from "../loaders/group.js";
import { onlyOne } from "../loaders/onlyOne.js";
import { permissionModel } from "../loaders/permissionModel.js";
import { roleList } from "../loaders/roleList.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { space as spaceLoader } from "../loaders/space.js";
import { spaceGrants } from "../loaders/spaceGrants.js";
import { administratorsLost } from "./administratorsLost.js";
import type { Change } from "./Change.js";
import type { ChangePlace } from "./ChangePlace.js";
import { faultOfReading } from "./faultOfReading.js";
import { operationName } from "./operationName.js";
import { PlaceUnknown } from "./PlaceUnknown.js";
import type { Plan } from "./Plan.js";
import { planPermissions } from "./planPermissions.js";
import { planRole } from "./planRole.js";
import { refuse } from "./refuse.js";
import type { SpaceState } from "./SpaceState.js";
import type { Step } from "./Step.js";

type SpaceChange = Exclude<Change, { kind: "grantMembership" | "revokeMembership" }>;

/** One space as a place of changes. */
export class SpacePlace implements ChangePlace<SpaceState> {
  readonly key: string;
  readonly #store: SiteStore;
  readonly #spaceId: SpaceId;

  constructor(store: SiteStore, spaceId: SpaceId) {
    this.key = JSON.stringify([store.site.siteId, "space", spaceId]);
    this.#store = store;
    this.#spaceId = spaceId;
  }

  async readState(): Promise<SpaceState> {
    const store = this.#store;
    try {
      const space = await store.read(spaceLoader, this.#spaceId);
      if (space === null || space.status === "TRASHED") throw this.#notThere(space !== null);
      // Forgetting comes first: a reading under way may have begun before our own writes.
      store.of(spaceGrants).drop(this.#spaceId);
      const [grants, model] = await Promise.all([
        store.read(spaceGrants, this.#spaceId),
        store.read(permissionModel, onlyOne),
      ]);
      if (grants === null) throw this.#notThere(false);
      const [gap] = grants.gaps;
      if (gap !== undefined) {
        const message = `What the space grants could not be read whole, so nothing is changed: ${gap.reason}`;
        throw new PlaceUnknown({ code: "STATE_UNKNOWN", field: ["space"], message });
      }
      const roles = model === "PRE_ROLES" ? null : await store.read(roleList, onlyOne);
      return {
        space,
        grants: grants.items,
        model: model ?? "UNKNOWN",
        roles: roles?.items ?? [],
        grantableOperations: store.site.writer.grantableOperations,
        grantableClasses: store.site.writer.grantableClasses,
        administratorsLeaving: new Set(),
      };
    } catch (error) {
      if (error instanceof SiteError) throw new PlaceUnknown(faultOfReading(error));
      throw error;
    }
  }

  async plan(change: Change, state: SpaceState): Promise<Plan> {
    const asked = change as SpaceChange;
    const isOfRoles = "roleId" in asked;
    const plan = isOfRoles ? planRole(asked, state) : planPermissions(asked, state);
    if (plan.kind === "settled" && plan.outcome === "NOT_PRESENT")
      return (await this.#refuseUntold(asked, state)) ?? plan;
    if (plan.kind !== "steps") return plan;
    for (const key of administratorsLost(asked, state).keys) state.administratorsLeaving.add(key);
    const isGrant = asked.kind === "grantRole" || asked.kind === "grantPermissions";
    if (isGrant && !(await this.#isPrincipalKnown(asked))) {
      return refuse(
        "PRINCIPAL_NOT_FOUND",
        ["principal"],
        "The site knows no such account or group, so nothing can be granted to it.",
      );
    }
    const objection = isOfRoles ? null : await this.#store.site.writer.objectionTo(asked.principal, state.space);
    return objection === null ? plan : refuse("UNSUPPORTED", ["principal"], objection);
  }

  async apply(change: Change, step: Step, state: SpaceState): Promise<void> {
    const { writer } = this.#store.site;
    const { space } = state;
    const { principal } = change as SpaceChange;
    switch (step.kind) {
      case "addPermission":
        return writer.addPermission(space, principal, step.operation);
      case "removePermission":
        return writer.removePermission(space, {
          principal,
          permissionId: step.permissionId,
          operation: step.operation,
        });
      case "setRole":
        return writer.setRole(space, principal, step.roleId);
      case "addMember":
      case "removeMember":
        throw new Error(`A space has no members: ${step.kind}`);
    }
  }

  describe(change: Change, state: SpaceState): string[] {
    const key = principalKey((change as SpaceChange).principal);
    return state.grants
      .filter((grant) => principalKey(grant.principal) === key)
      .map((grant) => (grant.kind === "role" ? `role ${grant.roleId}` : operationName(grant.operation)))
      .sort();
  }

  async #isPrincipalKnown({ principal }: SpaceChange): Promise<boolean> {
    if (principal.kind === "accessClass") return true;
    if (principal.kind === "group") return (await this.#store.read(group, principal.groupId)) !== null;
    return (await this.#store.read(account, principal.accountId)) !== null;
  }

  /**
   * What a Data Center site has no way to write for a class it may not tell either: JSON-RPC says nothing of unlicensed users
   * (2026-11-21, test "unlicensed users, who hold it"). That nothing was listed proves nothing then.
   */
  async #refuseUntold({ principal }: SpaceChange, { space }: SpaceState): Promise<Plan | null> {
    const { deployment, writer } = this.#store.site;
    if (deployment === "cloud" || principal.kind !== "accessClass") return null;
    const objection = await writer.objectionTo(principal, space);
    return objection === null ? null : refuse("UNSUPPORTED", ["principal"], objection);
  }

  #notThere(isTrashed: boolean): PlaceUnknown {
    const message = isTrashed
      ? "The space is in the trash: its access cannot be changed."
      : `The site has no space ${this.#spaceId}, or hides it from this credential.`;
    return new PlaceUnknown({ code: "SPACE_NOT_FOUND", field: ["space"], message });
  }
}
