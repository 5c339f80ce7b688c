import { ConfigError, type ConfigFault } from "../../../src/config/Config.js";
import { readConfig } from "../../../src/config/readConfig.js";

/** What is wrong with an environment; empty when it can be used. */
export function faultsOf(env: NodeJS.ProcessEnv): readonly ConfigFault[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
