import { useQuery } from "@apollo/client/react";
import { useDeferredValue, useEffect, useState } from "react";
import { SpacesDocument } from "../generated/operations.ts";
import { isTokenWanted } from "../trust/isTokenWanted.ts";
import { Failure, Trust } from "../trust/Trust.tsx";

const pageSize = 50;

interface SpacePickerProps {
  readonly chosen: string | null;
  readonly onTokenWanted: () => void;
}

export function SpacePicker({ chosen, onTokenWanted }: SpacePickerProps) {
  const [text, setText] = useState("");
  const { data, error, loading, fetchMore } = useQuery(SpacesDocument, {
    variables: { text: useDeferredValue(text), first: pageSize, after: null },
    notifyOnNetworkStatusChange: true,
  });
  const wantsToken = isTokenWanted(error);
  useEffect(() => {
    if (wantsToken) onTokenWanted();
  }, [wantsToken, onTokenWanted]);
  const spaces = data?.spaces;
  const { hasNextPage = false, endCursor = null } = spaces?.pageInfo ?? {};
  return (
    <>
      <label className="search">
        Find a space
        <input type="search" value={text} placeholder="Name or key" onChange={(event) => setText(event.target.value)} />
      </label>
      {!wantsToken && <Failure error={error} />}
      {spaces && <Trust of={spaces.completeness} what="the list of spaces" />}
      <ul aria-busy={loading}>
        {spaces?.edges?.map(({ node }) => (
          <li key={node.id}>
            <a href={`#space=${node.id}`} aria-current={node.id === chosen ? "page" : undefined}>
              <strong>{node.name ?? node.key}</strong>
              <span>
                {node.key} · {node.site.name}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {spaces?.edges?.length === 0 && spaces.completeness.isComplete && <p className="empty">No space is called so.</p>}
      {hasNextPage && (
        <button
          type="button"
          className="more"
          disabled={loading}
          onClick={() => fetchMore({ variables: { after: endCursor } })}
        >
          More spaces
        </button>
      )}
    </>
  );
}
