// Before packing: what an earlier build left in dist is no part of the package.
import { rmSync } from "node:fs";

for (const built of ["dist", "sandbox/dist"])
  rmSync(new URL(`../../${built}`, import.meta.url), { recursive: true, force: true });
