import { adminErrorBody } from "./adminErrorBody.js";
import { findUser, type OrganizationRoutes } from "./OrganizationCall.js";
import { addedToOrganization } from "./OrganizationDirectory.js";

/** One call an account, and only so many a minute. In the real organization it lags up to a day; here it does not. */
export const lastActiveRoutes: OrganizationRoutes = {
  "GET /admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates": (call) => {
    const waitSeconds = call.lastActive.take(call.now);
    if (waitSeconds > 0) {
      const body = adminErrorBody(429, "Too many calls for last-active dates in this organization.");
      return { status: 429, body, headers: { "Retry-After": String(waitSeconds) } };
    }
    const { lastActive } = findUser(call);
    const timestamp = lastActive === undefined ? undefined : new Date(lastActive).toISOString();
    return {
      status: 200,
      body: {
        data: {
          // Empty for those who never came. This call writes names with underscores, unlike its siblings.
          product_access:
            timestamp === undefined
              ? []
              : [
                  {
                    id: call.siteResource,
                    key: "confluence",
                    last_active: timestamp.slice(0, 10),
                    last_active_timestamp: timestamp,
                  },
                ],
          added_to_org: addedToOrganization.slice(0, 10),
          added_to_org_timestamp: addedToOrganization,
        },
        links: {},
      },
    };
  },
};
