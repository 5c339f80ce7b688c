import { SiteError } from "../domain/SiteError.js";
import { classifyNetworkCode } from "./classifyNetworkCode.js";

/** The error that a failed exchange stands for. `code` is the network error's own. */
export function siteErrorFromNetwork(code: string, call: string, origin: string, cause: unknown): SiteError {
  const fault = classifyNetworkCode(code);
  switch (fault) {
    case "never-sent":
      return unreachable(`found no way to ${origin} (${code}). Check the site's address and the network.`, false);
    case "not-trusted":
      return unreachable(
        `was not sent: no trusted TLS connection to ${origin} came about (${code}). Check the scheme of the address, or add the authority that issued the certificate (Data Center: CONFLUENCE_CA_FILE).`,
        false,
      );
    case "closed":
      return unreachable("was not sent: the connections to the site are closed, the process is ending.", false);
    case "unsendable": {
      const message = `${call} cannot be sent (${code}). Check the credential and the configured headers for line breaks and other characters that a header cannot carry.`;
      // No cause: undici's message may quote what it refused.
      return new SiteError("Misconfigured", message, { call });
    }
    case "not-http":
      return unreachable(
        `got an answer from ${origin} that is broken or not HTTP (${code}). Check scheme and port.`,
        true,
      );
    case "answer-lost":
      return unreachable(
        `lost the connection to ${origin} before the answer was whole (${code}). Ask again later.`,
        true,
      );
  }

  function unreachable(problem: string, isAnswerLost: boolean): SiteError {
    // undici's parser errors carry the bytes that came: nothing for a log.
    const kept = fault === "not-http" ? undefined : cause;
    return new SiteError("Unreachable", `${call} ${problem}`, { call, isAnswerLost, cause: kept });
  }
}
