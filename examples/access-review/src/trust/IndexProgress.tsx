import { useQuery } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import { IndexProgressDocument } from "../generated/operations.ts";

const everyMs = 1_000;

/** A list that is not complete may be so because its site is read for the first time. Tells how far that is, and when it is through. */
export function IndexProgress({ site, onRead }: { readonly site: string; readonly onRead: () => void }) {
  const { data, stopPolling } = useQuery(IndexProgressDocument, {
    variables: { site },
    fetchPolicy: "network-only",
    pollInterval: everyMs,
  });
  const wasTold = useRef(false);
  const index = data?.site?.index;
  const isRead = index?.state === "READY" || index?.state === "REFRESHING";
  useEffect(() => {
    if (!isRead || wasTold.current) return;
    wasTold.current = true;
    stopPolling();
    onRead();
  }, [isRead, stopPolling, onRead]);
  if (index === undefined || isRead) return null;
  const { done, total, estimateMs } = index.progress;
  return (
    <section className="notice reading" role="status" aria-label="Reading the site">
      <p>
        The site is being read for the first time: {done} of {total ?? "?"} parts
        {estimateMs !== null && `, about ${Math.ceil(estimateMs / 1000)} s to go`}. Until then this list grows.
      </p>
      <progress aria-label="Parts read" value={total === null ? undefined : done} max={total ?? undefined} />
    </section>
  );
}
