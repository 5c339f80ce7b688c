import { openDataCenterSite } from "./openDataCenterSite.js";
import { readsOf } from "./readsOf.js";

for (const version of ["8.3.0", "8.6.0", "9.2.0", "10.2.0"] as const) {
  readsOf(`a Data Center site of version ${version}`, () => openDataCenterSite(version));
}
