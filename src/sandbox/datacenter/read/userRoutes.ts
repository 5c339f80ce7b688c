import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { compareNames } from "../state/compareNames.js";
import { findUser } from "./lookUps.js";
import { pageOf, readExpansions } from "./pageOf.js";
import { requireUser } from "./rights.js";
import { mapGroup, mapUser, profilePicture } from "./subjects.js";

/** One user at a time. */
export const userRoutes: DataCenterRoutes = {
  "GET /rest/api/user/current": { handle: currentUser },
  "GET /rest/api/user": {
    handle: (call) => {
      requireUser(call);
      return { status: 200, body: mapUser(call, findUser(call), readExpansions(call.query)) };
    },
  },
  "GET /rest/api/user/memberof": { handle: groupsOfUser },
  "GET /rest/mobile/1.0/profile/{username}": { handle: mobileProfile },
};

function currentUser(call: DataCenterCall): Reply {
  const { caller, state, query } = call;
  if (caller.user !== null) return { status: 200, body: mapUser(call, caller.user, readExpansions(query)) };
  const picture = profilePicture(state.contextPath);
  return { status: 200, body: { type: "anonymous", profilePicture: picture, displayName: "Anonymous" } };
}

/** Where `member` follows child groups, so does this, the other way round: both ask the same directory. */
function groupsOfUser(call: DataCenterCall): Reply {
  requireUser(call);
  const { state, options } = call;
  const { username } = findUser(call);
  const direct = state.groups.of(username);
  return pageOf(call, {
    rows: options.membersFollowNested === true ? state.groups.withAncestors(direct).toSorted(compareNames) : direct,
    show: (name) => mapGroup(call, name),
    defaultLimit: limits.dataCenterDefaultLimit,
    maxLimit: limits.dataCenterMaxGroups,
  });
}

/** Documented nowhere, and before 10.2 the only call that tells an e-mail. */
function mobileProfile(call: DataCenterCall): Reply {
  requireUser(call);
  const { params, state, baseUrl } = call;
  const name = params.username ?? "";
  const user = state.users.byName(name);
  if (user === undefined) throw new Refusal(404, `No user found with username : ${name}`);
  const { username, displayName, email } = user;
  return {
    status: 200,
    body: {
      userName: username,
      fullName: displayName,
      email,
      avatarUrl: profilePicture(state.contextPath).path,
      url: `${baseUrl}/display/~${encodeURIComponent(username)}`,
      anonymous: false,
      unknownUser: false,
    },
  };
}
