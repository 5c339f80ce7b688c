import type { Complete } from "../../domain/Complete.js";
import type { GlobalGrant } from "../../domain/Grant.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { mapSubject } from "./mapSubject.js";
import { permissionIdOf } from "./permissionIdOf.js";
import { resolveHolders } from "./resolveHolders.js";
import { permissionsWire } from "./wire/permissionWire.js";

/** What is permitted on the site as a whole, unpaged. Rejects with `Unsupported` before 9.3. Pairs are kept as they come. */
export async function fetchGlobalGrants(context: DataCenterContext): Promise<Complete<GlobalGrant>> {
  const { client, features } = context;
  const asOfMs = client.clock.now();
  const read = (path: string) => client.fetchOne({ method: "GET", call: `GET ${path}`, path }, permissionsWire);
  const rows = await features.whereOffered("globalPermissions", async () =>
    // The list is documented as that of users, groups and anonymous; whether it holds the unlicensed is not said.
    (await Promise.all([read("/rest/api/permissions"), read("/rest/api/permissions/unlicensed")])).flat(),
  );
  const holdings = rows.map(({ subject, operation: { operationKey, targetType } }) => ({
    holder: mapSubject(subject),
    operation: { key: operationKey, target: targetType },
  }));
  const resolve = await resolveHolders(context, holdings);
  const held = resolve({ holdings, where: "global permissions", asOfMs });
  const grants = new Map(held.items.map((grant) => [permissionIdOf(grant.principal, grant.operation), grant]));
  return { ...held, items: [...grants.values()] };
}
