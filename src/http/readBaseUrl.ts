import { SiteError } from "../domain/SiteError.js";

export interface BaseUrl {
  readonly origin: string;
  /** Without a trailing slash; empty for the origin alone. */
  readonly path: string;
}

/**
 * Takes an address apart. Throws `Misconfigured` for anything that is not plain http(s): a user name or a query in it
 * may be a secret, so the address is not repeated in the message.
 */
export function readBaseUrl(baseUrl: string): BaseUrl {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isPlain || url.search !== "" || url.hash !== "") {
    throw new SiteError(
      "Misconfigured",
      "The site's address must be an absolute http or https URL without user name, query or fragment, such as https://example.atlassian.net.",
      { call: "(start)" },
    );
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}
