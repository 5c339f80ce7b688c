import { CombinedGraphQLErrors, type ErrorLike } from "@apollo/client";
import type { TrustFragment } from "../generated/operations.ts";

const assumptions: Readonly<Record<string, string>> = {
  SUSPENDED_MEMBERS_HIDDEN: "Suspended people may be missing from groups: nobody here can tell who they are.",
  LICENSED: "Everybody is taken to have a licence: nobody here can tell.",
  GROUP_GONE: "A group that can no longer be found is taken to have no members.",
  NO_SPACE_ROLES: "The site is taken to have no space roles.",
};

/** How far a list can be trusted. An empty list that is not complete is not "nobody", so this stands above every list. */
export function Trust({ of, what }: { readonly of: TrustFragment; readonly what: string }) {
  return (
    <>
      {!of.isComplete && (
        <section className="notice incomplete" role="status" aria-label={`${what} is incomplete`}>
          <h3>Incomplete: conclude nothing from who is missing here</h3>
          <ul>
            {of.gaps.map((gap) => (
              <li key={`${gap.code} ${gap.missing}`}>
                <strong>{gap.missing}</strong>: {gap.reason}
                {gap.retryAfterMs !== null && ` Ask again in ${Math.ceil(gap.retryAfterMs / 1000)} s.`}
              </li>
            ))}
          </ul>
        </section>
      )}
      {of.assumptions.length > 0 && (
        <section className="notice assumed" aria-label={`What ${what} takes for granted`}>
          {of.assumptions.map((name) => (
            <p key={name}>{assumptions[name] ?? name}</p>
          ))}
        </section>
      )}
    </>
  );
}

/** What failed, in the server's words, which say what to do. What was answered beside it is shown all the same. */
export function Failure({ error }: { readonly error: ErrorLike | undefined }) {
  if (error === undefined) return null;
  const all = CombinedGraphQLErrors.is(error) ? error.errors : [error];
  const messages = all.map(({ message }) => message);
  return (
    <section className="notice failed" role="alert">
      <h3>Not everything could be answered</h3>
      <ul>
        {[...new Set(messages)].map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </section>
  );
}
