import { useMutation } from "@apollo/client/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { ApplyChangesDocument, type ApplyChangesMutation } from "../generated/operations.ts";
import type { Revocation } from "../review/decisions.ts";
import { Failure } from "../trust/Trust.tsx";
import { Impact } from "./Impact.tsx";
import { Outcomes } from "./Outcomes.tsx";

export type Answer = NonNullable<ApplyChangesMutation["applyAccessChanges"]>;

interface ImpactDialogProps {
  readonly space: string;
  readonly revocations: readonly Revocation[];
  /** With the accounts of which everything ended well, or null where nothing was asked for. */
  readonly onClose: (settled: ReadonlySet<string> | null) => void;
}

/** What the decisions would come to, before anything is changed; then what became of each. */
export function ImpactDialog({ space, onClose, ...decided }: ImpactDialogProps) {
  // As decided when the dialog was opened: what is applied is what was previewed.
  const [revocations] = useState(decided.revocations);
  const dialog = useRef<HTMLDialogElement>(null);
  const [runPreview, preview] = useMutation(ApplyChangesDocument);
  const [runApply, applied] = useMutation(ApplyChangesDocument);
  const [reason, setReason] = useState("");
  const [isAcknowledged, setAcknowledged] = useState(false);
  // One id for all attempts: where an answer was lost, asking again carries nothing out twice and tells how it ended.
  const requestId = useMemo(() => crypto.randomUUID(), []);
  const changes = useMemo(() => revocations.map(({ grant }) => ({ revokeGrant: grant })), [revocations]);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => void runPreview({ variables: { input: { changes, dryRun: true } } }), [runPreview, changes]);

  const planned = preview.data?.applyAccessChanges;
  const ended = applied.data?.applyAccessChanges;
  const apply = () =>
    runApply({
      variables: {
        input: { changes, reason: reason || null, requestId, acknowledgeAdministration: isAcknowledged, dryRun: false },
      },
    });
  const needsAcknowledgement = planned?.changes.some(({ reach }) => reach.includes("ADMINISTRATION")) === true;
  const canApply = planned?.changes.some(({ outcome }) => outcome === "PLANNED") === true;
  const close = () => {
    if (ended === undefined || ended === null) return onClose(null);
    const failed = revocations.filter((_, index) => (ended.changes[index]?.outcome ?? "FAILED") === "FAILED");
    const accounts = revocations.map(({ account }) => account);
    onClose(new Set(accounts.filter((account) => failed.every((each) => each.account !== account))));
  };
  return (
    <dialog ref={dialog} aria-labelledby="impact" onClose={close}>
      <h2 id="impact">{ended ? "What became of it" : "What this would change"}</h2>
      <Failure error={applied.error ?? preview.error} />
      {preview.loading && <p role="status">Working out who would lose what …</p>}
      {planned && !ended && <Impact answer={planned} revocations={revocations} space={space} />}
      {ended && <Outcomes answer={ended} revocations={revocations} />}
      <form method="dialog">
        {canApply && !ended && (
          <>
            <label className="reason">
              Why, for the record
              <input value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} />
            </label>
            {needsAcknowledgement && (
              <label>
                <input type="checkbox" checked={isAcknowledged} onChange={(e) => setAcknowledged(e.target.checked)} />I
                know that this takes away administration
              </label>
            )}
          </>
        )}
        <div className="buttons">
          <button type="submit">{ended ? "Done" : "Cancel"}</button>
          {canApply && !ended && (
            <button type="button" className="danger" disabled={applied.loading} onClick={apply}>
              {applied.loading ? "Applying …" : "Apply"}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
