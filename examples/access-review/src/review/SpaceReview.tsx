import { useQuery } from "@apollo/client/react";
import { useDeferredValue, useState } from "react";
import { ImpactDialog } from "../changes/ImpactDialog.tsx";
import { type PersonFragment, ReviewDocument } from "../generated/operations.ts";
import { IndexProgress } from "../trust/IndexProgress.tsx";
import { Failure, Trust } from "../trust/Trust.tsx";
import { type Decision, revocationsOf } from "./decisions.ts";
import { PersonRow } from "./PersonRow.tsx";

const pageSize = 25;

export function SpaceReview({ space: id }: { readonly space: string }) {
  const [text, setText] = useState("");
  const [isUnsureOnly, setUnsureOnly] = useState(false);
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const [isPreviewed, setPreviewed] = useState(false);
  const wanted = useDeferredValue(text);
  const { data, error, loading, fetchMore, refetch } = useQuery(ReviewDocument, {
    variables: {
      space: id,
      first: pageSize,
      after: null,
      filter: { text: wanted, decision: isUnsureOnly ? "UNKNOWN" : null },
    },
    notifyOnNetworkStatusChange: true,
  });
  const space = data?.space;
  const list = space?.effectiveAccess;
  const people = list?.edges ?? [];
  // As many as are shown, as one page: after a change, and when the site has been read.
  const askAgain = () => void refetch({ first: Math.max(pageSize, people.length) });
  const decide = (person: PersonFragment, decision: Decision) =>
    setDecisions(new Map(decisions).set(person.node.id, decision));
  const isTo = (decision: Decision) => people.filter(({ node }) => decisions.get(node.id) === decision);
  const toRevoke = isTo("revoke");

  if (data && space === null) return <p className="empty">There is no such space, or the server may not see it.</p>;
  return (
    <>
      <header className="space">
        <h2>{space?.name ?? space?.key ?? "…"}</h2>
        {space && (
          <p>
            {space.key} · {space.site.name}
          </p>
        )}
        {list && (
          <dl>
            <Count label="Surely can" is={list.allowedCount} />
            <Count label="Nobody is sure of" is={list.unknownCount} />
            <Count label="In all" is={list.totalCount ?? "not known"} />
          </dl>
        )}
      </header>
      <Failure error={error} />
      {space && list?.completeness.isComplete === false && <IndexProgress site={space.site.id} onRead={askAgain} />}
      {list && <Trust of={list.completeness} what="this list" />}

      <div className="filters">
        <label className="search">
          Find a person
          <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <label>
          <input type="checkbox" checked={isUnsureOnly} onChange={(event) => setUnsureOnly(event.target.checked)} />
          Only those whom nobody is sure of
        </label>
      </div>

      <table aria-busy={loading}>
        <caption className="hidden">Who can do what in {space?.name ?? "this space"}</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Can</th>
            <th scope="col">How sure</th>
            <th scope="col">Why</th>
            <th scope="col">Decision</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <PersonRow
              key={person.node.id}
              person={person}
              decision={decisions.get(person.node.id)}
              onDecide={(decision) => decide(person, decision)}
            />
          ))}
        </tbody>
      </table>
      {list && people.length === 0 && (
        <p className="empty">
          {list.completeness.isComplete ? "Nobody." : "Nobody was found in what could be read: see above."}
        </p>
      )}
      {list?.pageInfo.hasNextPage && (
        <button
          type="button"
          className="more"
          disabled={loading}
          onClick={() => fetchMore({ variables: { first: pageSize, after: list.pageInfo.endCursor } })}
        >
          More people
        </button>
      )}

      <footer className="decided">
        <p role="status">
          {people.length} shown · {isTo("keep").length} to keep · {toRevoke.length} to revoke
        </p>
        <button type="button" className="primary" disabled={toRevoke.length === 0} onClick={() => setPreviewed(true)}>
          Preview the impact
        </button>
      </footer>
      {isPreviewed && (
        <ImpactDialog
          space={id}
          revocations={toRevoke.flatMap(revocationsOf)}
          onClose={(settled) => {
            setPreviewed(false);
            if (settled === null) return;
            setDecisions(new Map([...decisions].filter(([account]) => !settled.has(account))));
            askAgain();
          }}
        />
      )}
    </>
  );
}

function Count({ label, is }: { readonly label: string; readonly is: number | string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{is}</dd>
    </div>
  );
}
