import { Refusal } from "../http/Refusal.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";

/** The JSON body of a write. */
export function readJson(request: SandboxRequest): unknown {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new Refusal(415, "Unsupported Media Type: send the body as application/json.");
  }
  try {
    return JSON.parse(request.body ?? "");
  } catch {
    throw new Refusal(400, "The request body is not valid JSON.");
  }
}
