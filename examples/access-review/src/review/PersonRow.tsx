import { useId, useState } from "react";
import type { PersonFragment } from "../generated/operations.ts";
import { Trust } from "../trust/Trust.tsx";
import { type Decision, personName, revocationsOf } from "./decisions.ts";
import { endingOf, nameOf, summarize, tellWay } from "./ways.ts";

interface PersonRowProps {
  readonly person: PersonFragment;
  readonly decision: Decision | undefined;
  readonly onDecide: (decision: Decision) => void;
}

export function PersonRow({ person, decision, onDecide }: PersonRowProps) {
  const [isOpen, setOpen] = useState(false);
  const details = useId();
  const name = personName(person);
  const canRevoke = revocationsOf(person).length > 0;
  return (
    <>
      <tr className={decision}>
        <th scope="row">
          {name}
          {person.node.kind !== "HUMAN" && <span className="badge">{person.node.kind.toLowerCase()}</span>}
          {person.node.status !== "ACTIVE" && <span className="badge">status {person.node.status.toLowerCase()}</span>}
        </th>
        <td>
          <Permissions person={person} />
        </td>
        <td>
          <span className={person.decision === "ALLOWED" ? "sure" : "unsure"}>
            {person.decision === "ALLOWED" ? "Sure" : "Not sure"}
          </span>
        </td>
        <td>
          <button
            type="button"
            className="why"
            aria-expanded={isOpen}
            aria-controls={details}
            onClick={() => setOpen(!isOpen)}
          >
            <span className="hidden">Why {name}: </span>
            {countWays(person.pathCount)}
          </button>
        </td>
        <td>
          <fieldset className="decision">
            <legend className="hidden">Decision for {name}</legend>
            <Choice name={details} is="keep" decision={decision} onDecide={onDecide} />
            <Choice name={details} is="revoke" decision={decision} onDecide={onDecide} isDisabled={!canRevoke} />
          </fieldset>
        </td>
      </tr>
      <tr className="details" id={details} hidden={!isOpen}>
        <td colSpan={5}>{isOpen && <Ways person={person} />}</td>
      </tr>
    </>
  );
}

function countWays(count: number): string {
  if (count === 0) return "no way known";
  return count === 1 ? "1 way" : `${count} ways`;
}

function Permissions({ person: { permissions, unknownPermissions, mayHoldMore } }: Pick<PersonRowProps, "person">) {
  const perhaps = [
    ...(unknownPermissions.length > 0 ? [summarize(unknownPermissions)] : []),
    ...(mayHoldMore ? ["what nobody can name"] : []),
  ];
  return (
    <>
      <span title={permissions.map(nameOf).join(", ")}>{summarize(permissions)}</span>
      {perhaps.length > 0 && (
        <span className="perhaps">
          {permissions.length > 0 && "; "}perhaps {perhaps.join(", and ")}
        </span>
      )}
    </>
  );
}

interface ChoiceProps {
  /** Of the group of radio buttons. */
  readonly name: string;
  readonly is: Decision;
  readonly decision: Decision | undefined;
  readonly onDecide: (decision: Decision) => void;
  readonly isDisabled?: boolean;
}

function Choice({ name, is, decision, onDecide, isDisabled = false }: ChoiceProps) {
  return (
    <label className={is} title={isDisabled ? "Nothing here ends it for this person alone: see why" : undefined}>
      <input type="radio" name={name} checked={decision === is} disabled={isDisabled} onChange={() => onDecide(is)} />
      {is === "keep" ? "Keep" : "Revoke"}
    </label>
  );
}

function Ways({ person }: Pick<PersonRowProps, "person">) {
  return (
    <>
      <p>{person.why.explanation}</p>
      <Trust of={person.why.completeness} what={`what is known of ${personName(person)}`} />
      <ol>
        {person.paths.map((way) => {
          const ending = endingOf(way, person.node.id);
          return (
            <li key={way.grants.map(({ id }) => id).join()}>
              {tellWay(way)}
              <small>{ending.kind === "revoke" ? `Revoking ends: ${ending.what}` : `Stays: ${ending.why}.`}</small>
            </li>
          );
        })}
      </ol>
      {person.pathCount > person.paths.length && (
        <p>
          {person.paths.length} of {person.pathCount} ways are shown, and revoking ends these alone.
        </p>
      )}
    </>
  );
}
