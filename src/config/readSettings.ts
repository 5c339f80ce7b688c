import type { z } from "zod";
import type { ConfigFault } from "./ConfigError.js";
import type { Setting } from "./Setting.js";
import { type SettingName, settings } from "./settings.js";
import { settingText } from "./settingText.js";

export type SettingValues = { readonly [Name in SettingName]: z.output<(typeof settings)[Name]["schema"]> };

/** What each variable says on its own, and what is wrong with those that say nothing usable. */
export interface ReadSettings {
  readonly values: Partial<SettingValues>;
  readonly faults: ConfigFault[];
}

/** Reads every setting by its own schema. A variable that is empty or blank counts as unset. */
export function readSettings(env: NodeJS.ProcessEnv): ReadSettings {
  const values: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [variable, setting] of Object.entries<Setting>(settings)) {
    const given = settingText(env[variable] ?? "", setting);
    const text = given === "" ? (setting.default ?? undefined) : given;
    const result = setting.schema.safeParse(text);
    if (result.success) values[variable] = result.data;
    else {
      const problem = result.error.issues.map((issue) => issue.message).join("; ");
      faults.push({ variable, problem, example: `${variable}=${setting.example}` });
    }
  }
  return { values: values as Partial<SettingValues>, faults };
}
