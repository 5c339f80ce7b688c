import type { DataCenterCall } from "../DataCenterCall.js";

/** A group: the name is all there is. */
export function mapGroup({ baseUrl }: DataCenterCall, name: string): Readonly<Record<string, unknown>> {
  return { type: "group", name, _links: { self: `${baseUrl}/rest/api/group/${encodeURIComponent(name)}` } };
}
