import type { ConfigFault } from "./ConfigError.js";
import { type SettingName, settings } from "./settings.js";

/** A fault of a variable, with the example that stands in the table of settings. */
export function faultOf(variable: SettingName, problem: string): ConfigFault {
  return { variable, problem, example: `${variable}=${settings[variable].example}` };
}
