import type { ErrorClassifier } from "../../http/errors.js";
import { scopeAdvice } from "./cloudScopes.js";

/** What Cloud's error bodies say beyond their status. */
export const classifyCloudError: ErrorClassifier = ({ status, body, text, call }) => {
  if (status === 401 && /\bscopes?\b/i.test(text)) {
    return { kind: "ScopeMissing", advice: scopeAdvice(call) };
  }
  if (status === 401 && /\bexpired\b/i.test(text)) {
    return { kind: "CredentialRejected", advice: "The token has expired: create a new one and put it in place." };
  }
  if (status === 404 && isGatewayBody(body)) {
    return {
      kind: "Misconfigured",
      advice: "The API gateway knows no site under this cloud id: check the cloud id and the address.",
    };
  }
  return undefined;
};

/** The gateway's own 404: a configuration fault, not "no such object". */
function isGatewayBody(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    "timestamp" in body &&
    "path" in body &&
    "error" in body &&
    !("errors" in body)
  );
}
