/**
 * The code of a network error; `null` for an error that is not the network's. undici's parser errors come without the
 * code they mean to carry (7.30.2), so they are known by name.
 */
export function readNetworkCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.name === "HTTPParserError" ? "HPE_INVALID" : null;
}
