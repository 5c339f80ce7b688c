import type { AccountId } from "../../domain/ids.js";
import type { Caller } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { currentUser, requireKnownUser } from "./requireKnownUser.js";

/** Who the credential is; rejects when that is nobody. */
export async function fetchCaller({ client, usernames }: DataCenterContext): Promise<Caller> {
  const { body } = await client.transport.send(currentUser);
  const user = requireKnownUser(body);
  const accountId = user.userKey as AccountId;
  if (user.username) usernames.learn(user.username, accountId);
  return { accountId, displayName: user.displayName };
}
