import type { DirectoryPerson } from "../domain/Organization.js";
import { accountChanges, touchedOnlyOne } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** Everyone in the synchronised directory. SCIM cannot be searched by account id, so it is read whole. */
export const directoryPeople = defineListLoader<OnlyOne, DirectoryPerson>({
  name: "directoryPeople",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => (site.organization === null ? [] : touchedOnlyOne(event, accountChanges)),
  fetch: async (reader) => {
    const list = await reader.site.organization?.directoryPeople?.();
    return new Map(list === undefined ? [] : [[onlyOne, list]]);
  },
  bytesPerItem: heapEstimates.account,
});
