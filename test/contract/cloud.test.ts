import { openCloudSite } from "./openCloudSite.js";
import { readsOf } from "./readsOf.js";

for (const mode of ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const) {
  readsOf(`a Cloud site in mode ${mode}`, () => openCloudSite(mode));
}
