import type { AccountId } from "../../domain/ids.js";
import type { Caller } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { currentUser, requireKnownUser } from "./requireKnownUser.js";

/** Who the credential is; rejects when that is nobody. */
export async function fetchCaller({ client }: DataCenterContext): Promise<Caller> {
  const { body } = await client.transport.send(currentUser);
  const user = requireKnownUser(body);
  return { accountId: user.userKey as AccountId, displayName: user.displayName };
}
