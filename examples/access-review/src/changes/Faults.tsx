import type { Revocation } from "../review/decisions.ts";
import type { Answer } from "./ImpactDialog.tsx";

interface FaultsProps {
  readonly of: Answer;
  readonly revocations: readonly Revocation[];
}

/** What is refused or has failed: of the request as a whole, and row by row. */
export function Faults({ of, revocations }: FaultsProps) {
  const rows = of.changes.flatMap(({ userErrors }, index) =>
    userErrors.map((fault) => ({ ...fault, row: revocations[index] })),
  );
  const all = [...of.userErrors.map((fault) => ({ ...fault, row: undefined })), ...rows];
  if (all.length === 0) return null;
  return (
    <section className="notice failed" role="alert">
      <h3>Not possible as it stands</h3>
      <ul>
        {all.map(({ code, message, row }) => (
          <li key={`${row?.grant} ${code}`}>
            {row && (
              <strong>
                {row.name}, {row.what}:{" "}
              </strong>
            )}
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
