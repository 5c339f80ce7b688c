import { SiteError } from "../domain/SiteError.js";
import type { HttpRequest } from "./Transport.js";

const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

/** The path and query to send, below the base's path. Rejects a path that would leave the place it names. */
export function buildTarget(basePath: string, request: HttpRequest): string {
  const { call, path, query = {} } = request;
  if (!path.startsWith("/") || dotSegment.test(path.split("?", 1)[0] ?? "")) {
    const message = `${call} was not sent: an id in its path is "." or "..", which would name another resource.`;
    throw new SiteError("RequestRejected", message, { call });
  }
  const parameters = Object.entries(query)
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
  if (parameters === "") return basePath + path;
  return `${basePath}${path}${path.includes("?") ? "&" : "?"}${parameters}`;
}
