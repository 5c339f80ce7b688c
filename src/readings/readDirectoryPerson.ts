import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import type { DirectoryPerson } from "../domain/Organization.js";
import { SiteError } from "../domain/SiteError.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { directoryPeople } from "../loaders/organization.js";

/**
 * What the synchronised directory holds of an account, `null` when it holds nothing or there is no directory;
 * synchronously where it is at hand. A gap that may hide the person is thrown.
 */
export function readDirectoryPerson(
  loaders: SiteLoaders,
  id: AccountId,
): DirectoryPerson | null | Promise<DirectoryPerson | null> {
  if (!loaders.store.site.organization?.directoryPeople) return null;
  const list = loaders.of(directoryPeople).get(onlyOne);
  return list instanceof Promise ? list.then((read) => personIn(loaders, read, id)) : personIn(loaders, list, id);
}

function personIn(loaders: SiteLoaders, list: Complete<DirectoryPerson> | null, id: AccountId): DirectoryPerson | null {
  const byId = loaders.once("peopleById", () => new Map(list?.items.map((person) => [person.accountId, person])));
  const person = byId.get(id);
  if (person !== undefined) return person;
  const [gap] = list?.gaps ?? [];
  if (gap === undefined) return null;
  throw new SiteError("ReadIncomplete", `The synchronised directory was not read whole. ${gap.reason}`, {
    call: gap.call ?? "",
    retryAfterMs: gap.retryAfterMs,
  });
}
