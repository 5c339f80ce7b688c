import type { ConfigFault } from "./ConfigError.js";
import type { SettingName } from "./settings.js";

/** A fault of a variable that should not be set here: the line that is right is an empty one, which counts as unset. */
export function faultOfSuperfluous(variable: SettingName, problem: string): ConfigFault {
  return { variable, problem, example: `${variable}=` };
}
