import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";

/** What the instance says of itself. */
export const serverRoutes: DataCenterRoutes = {
  "GET /rest/api/server-information": { handle: serverInformation },
};

function serverInformation({ caller, baseUrl, state }: DataCenterCall): Reply {
  if (caller.user === null) throw new Refusal(401, "Client must be authenticated to access this resource.", "bare");
  const [major = 0, minor = 0] = state.version.text.split(".").map(Number);
  const buildNumber = major * 1_000 + minor * 10;
  return {
    status: 200,
    body: {
      baseUrl,
      version: state.version.text,
      buildNumber,
      marketplaceBuildNumber: buildNumber,
      buildDate: "2026-01-01T00:00:00Z",
    },
  };
}
