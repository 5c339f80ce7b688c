import type { ChangeFault } from "../../domain/Change.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Provisioner } from "../../provisioning/Provisioner.js";
import type { CarryingOut, Earlier } from "../../provisioning/requests/Requests.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { faultOf, provenanceOf } from "./provenanceOf.js";
import { withEffects } from "./withEffects.js";

/** The input that every mutation has in common. */
export type ChangeInput = ProvenanceInput & { readonly dryRun: boolean };

/** A mutation as a request that may be repeated. */
interface Asked<Result> {
  /** The field of `Mutation`. */
  readonly name: string;
  readonly input: ChangeInput;
  readonly isFinal: CarryingOut<Result>["isFinal"];
  /** Carries it out, or what an earlier call of it left. The result is plain data: it is stored. */
  run(provenance: Provenance, earlier: Earlier<Result> | null): Promise<Result>;
}

/** How a mutation ended, now or when it was asked for first; or why it is not carried out. */
export async function answerRequest<Result>(
  context: GraphContext,
  { name, input, isFinal, run }: Asked<Result>,
): Promise<{ readonly result: Result; readonly isRepeated: boolean } | { readonly fault: ChangeFault }> {
  const { caller, requests } = context;
  const provenance = provenanceOf(context, input);
  const tooLong = faultOf(provenance);
  if (tooLong !== null) return { fault: tooLong };
  const answer = await requests.answer<Result>(
    { caller, callerRequestId: provenance.callerRequestId, isDryRun: input.dryRun, name, input },
    {
      isFinal,
      run: (earlier) => {
        const left = earlier === null ? {} : { earlier: earlier.changes };
        return withEffects(context, () => run({ ...provenance, ...left }, earlier));
      },
    },
  );
  return answer.kind === "refused"
    ? { fault: answer.fault }
    : { result: answer.result, isRepeated: answer.kind === "repeated" };
}

export function provisionerOf(context: GraphContext, loaders: SiteLoaders): Provisioner {
  const provisioner = context.provisioners.get(loaders.store.site.siteId);
  if (provisioner === undefined) throw new Error("Every configured site has a provisioner.");
  return provisioner;
}

/** What a payload is told with: after a repeat nothing that was read before it, because another process may have changed it. */
export function loadersFor(context: GraphContext, loaders: SiteLoaders, isRepeated: boolean): SiteLoaders {
  return isRepeated ? new SiteLoaders(loaders.store, context.clock.now()) : loaders;
}

/** The same for the changes of several sites. */
export function sitesFor(context: GraphContext, isRepeated: boolean): GraphContext["sites"] {
  if (!isRepeated) return context.sites;
  return new Map([...context.sites].map(([siteId, loaders]) => [siteId, loadersFor(context, loaders, true)]));
}
