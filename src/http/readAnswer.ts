import { SiteError, type SiteErrorKind } from "../domain/SiteError.js";
import { cleanExcerpt } from "./cleanExcerpt.js";
import type { Reply } from "./exchange.js";
import { parseJson } from "./parseJson.js";
import type { ReplyContext } from "./siteErrorFromReply.js";
import type { HttpAnswer } from "./Transport.js";

/**
 * The parsed answer of a 2xx reply. Throws `ContractDrift` where it is not JSON and `UpstreamFailed` where it is longer
 * than the cap: a smaller page may fit.
 */
export function readAnswer(reply: Reply, context: ReplyContext): HttpAnswer {
  const { status, headers, text, bytes } = reply;
  if (reply.isTooLarge) {
    throw fault("UpstreamFailed", "with a longer body than is read. Ask for less at once, or raise the body limit.");
  }
  if (text.trim() === "") return { status, headers, body: undefined, bytes };
  try {
    return { status, headers, body: parseJson(text), bytes };
  } catch {
    const isPage =
      /^\s*<(!doctype html|html|head|body)\b/i.test(text) || /\bhtml\b/i.test(String(headers["content-type"]));
    const excerpt = cleanExcerpt(text, context.secrets);
    throw isPage
      ? fault(
          "ContractDrift",
          `with a web page instead of JSON ("${excerpt}"). It is probably a sign-in page: check the site's address and the credential.`,
        )
      : fault("ContractDrift", `with something that is not JSON ("${excerpt}"). Check that the address is the API's.`);
  }

  function fault(kind: SiteErrorKind, problem: string): SiteError {
    const { call, isRepeatable } = context;
    // The upstream did what it was asked; a write's result is unknown to us all the same.
    return new SiteError(kind, `${call} answered ${status} ${problem}`, { call, status, isAnswerLost: !isRepeatable });
  }
}
