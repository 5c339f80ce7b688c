import type { Complete } from "../domain/Complete.js";
import type { DirectoryPerson } from "../domain/DirectoryPerson.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** Everyone in the synchronised directory. SCIM cannot be searched by account id, so it is read whole. */
export const directoryPeople = defineLoader<OnlyOne, Complete<DirectoryPerson>>({
  name: "directoryPeople",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (store) => {
    const list = await store.site.organization?.directoryPeople?.();
    return new Map(list === undefined ? [] : [[onlyOne, list]]);
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.account),
  mayRemember: (list) => list.gaps.length === 0,
});
