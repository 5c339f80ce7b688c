import { maySignIn } from "../datacenter/Caller.js";
import type { World } from "../world/World.js";
import type { SandboxArguments } from "./readArguments.js";

type DataCenterArguments = Pick<SandboxArguments, "dataCenter" | "dataCenterFlags">;

/** What of Data Center's arguments does not go with the world; none in most cases. */
export function checkDataCenterArguments(
  { dataCenter: { credentials }, dataCenterFlags }: DataCenterArguments,
  { dataCenter: world }: World,
): readonly string[] {
  if (world === undefined) {
    return dataCenterFlags.map((flag) => `${flag}: the world has no Data Center half to which it could apply`);
  }
  const wanted = credentials?.username?.toLowerCase();
  if (wanted === undefined) return [];
  const user = world.users.find(({ username }) => username.toLowerCase() === wanted);
  if (user === undefined) return ["--dc-username: the world has no user of that name"];
  return maySignIn(user) ? [] : [`--dc-username: that user is ${user.status}`];
}
