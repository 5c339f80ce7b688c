import { CombinedGraphQLErrors, type ErrorLike } from "@apollo/client";

/** Whether the server answers callers with a token alone, and this one has none that it knows. */
export function isTokenWanted(error: ErrorLike | undefined): boolean {
  return (
    CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED")
  );
}
