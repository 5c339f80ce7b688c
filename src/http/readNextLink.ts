import { SiteError } from "../domain/SiteError.js";
import type { HttpAnswer } from "./Transport.js";

export interface NextLinkOptions {
  /** The query parameter that carries the position: `cursor`, `start`. */
  readonly parameter: string;
  /** The configured base URL: a link elsewhere is refused. */
  readonly baseUrl: string;
  /** The call as a template, for errors. */
  readonly call: string;
}

/**
 * The position of the next page, out of `_links.next` or the `Link` header; `null` where neither names one. Only the
 * parameter is taken and the caller rebuilds the call, so it does not matter what a relative link is relative to.
 * Throws `ContractDrift` for a link to another origin and for one without the parameter: stopping there would lose pages.
 */
export function readNextLink(answer: Pick<HttpAnswer, "body" | "headers">, options: NextLinkOptions): string | null {
  const link = linkInBody(answer.body) ?? linkInHeader(answer.headers.link);
  if (link === null) return null;
  const { call, parameter } = options;
  const { origin } = new URL(options.baseUrl);
  const url = typeof link === "string" && URL.canParse(link, origin) ? new URL(link, origin) : null;
  if (url === null) throw drift("cannot be read");
  if (url.origin !== origin) throw drift("points to another origin and is not followed");
  const position = url.searchParams.get(parameter);
  if (position === null || position === "") throw drift(`carries no "${parameter}"`);
  return position;

  function drift(problem: string): SiteError {
    const message = `${call} names a next page whose link ${problem}. The rest of the list was not read.`;
    return new SiteError("ContractDrift", message, { call });
  }
}

function linkInBody(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("_links" in body)) return null;
  const links = body._links;
  return typeof links === "object" && links !== null && "next" in links ? links.next : null;
}

function linkInHeader(header: string | string[] | undefined): string | null {
  for (const [, target = "", parameters = ""] of [header]
    .flat()
    .join(", ")
    .matchAll(/<([^<>]*)>([^<>]*)/g)) {
    if (/;\s*rel\s*=\s*"?next\b/i.test(parameters)) return target;
  }
  return null;
}
