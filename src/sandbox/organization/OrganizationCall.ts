import type { CloudState } from "../cloud/state/CloudState.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import type { WorldAccount } from "../world/World.js";
import type { CallWindow } from "./CallWindow.js";
import type { InvitationBook } from "./InvitationBook.js";
import type { OrganizationDirectory } from "./OrganizationDirectory.js";

/** One authorized call to the organization admin API, as its handler sees it. */
export interface OrganizationCall {
  readonly state: CloudState;
  readonly directory: OrganizationDirectory;
  readonly invitations: InvitationBook;
  /** The quota of last-active dates. */
  readonly lastActive: CallWindow;
  /** The one directory of the organization. */
  readonly directoryId: string;
  /** The Confluence site as a resource. */
  readonly siteResource: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly now: number;
  /** The JSON body. Refuses with 400 or 415 when there is none. */
  json(): unknown;
}

export type OrganizationHandler = (call: OrganizationCall) => Reply;

/** Handlers by `METHOD /admin/path/{parameter}`. */
export type OrganizationRoutes = Readonly<Record<string, OrganizationHandler>>;

/** The user of a path; one whom the organization does not know is a 404. */
export function findUser({ directory, params }: OrganizationCall): WorldAccount {
  const accountId = params.accountId ?? "";
  const account = directory.get(accountId);
  if (account === undefined)
    throw new Refusal(404, `The organization has no user with id ${accountId}.`, "ADMIN-404-1");
  return account;
}
