import type { Revocation } from "../review/decisions.ts";
import { Faults } from "./Faults.tsx";
import type { Answer } from "./ImpactDialog.tsx";

interface OutcomesProps {
  readonly answer: Answer;
  readonly revocations: readonly Revocation[];
}

/** Each is what was read back afterwards, and not what was sent. */
const outcomes: Readonly<Record<string, string>> = {
  REMOVED: "revoked",
  NOT_PRESENT: "was not there any more",
  INHERITED: "is there by another way, and cannot be taken away here",
  STARTED: "accepted, and still under way: repeat it to learn how it ended",
  FAILED: "failed",
};

/** How each change ended: some may have failed while others are done. */
export function Outcomes({ answer, revocations }: OutcomesProps) {
  return (
    <>
      <Faults of={answer} revocations={revocations} />
      <ul className="outcomes" role="status">
        {answer.changes.map(({ outcome }, index) => (
          <li key={revocations[index]?.grant} className={outcome === "FAILED" ? "unsure" : "sure"}>
            <strong>{revocations[index]?.name}</strong>, {revocations[index]?.what}: {outcomes[outcome] ?? outcome}
          </li>
        ))}
      </ul>
    </>
  );
}
