import { readFileSync } from "node:fs";
import type { ConfigFault } from "./ConfigError.js";
import type { Setting } from "./Setting.js";
import { settings } from "./settings.js";
import { settingText } from "./settingText.js";

/**
 * The environment with every `NAME_FILE` of a secret read into `NAME`, as container platforms mount secrets. A file that
 * cannot be read, is empty, or stands beside the variable itself is a fault.
 */
export function readSecretFiles(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): { readonly env: NodeJS.ProcessEnv; readonly faults: ConfigFault[] } {
  const withFiles = { ...env };
  const faults: ConfigFault[] = [];
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const variable = `${name}_FILE`;
    const path = env[variable]?.trim() ?? "";
    if (!setting.isSecret || path === "") continue;
    const example = `${variable}=/run/secrets/${name.toLowerCase().replaceAll("_", "-")}`;
    if ((env[name]?.trim() ?? "") !== "") {
      faults.push({ variable, problem: `is set together with ${name}: keep one of them`, example });
      continue;
    }
    try {
      const text = settingText(readFile(path), setting);
      if (text === "") faults.push({ variable, problem: "names an empty file", example });
      else withFiles[name] = text;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      faults.push({ variable, problem: `names a file that cannot be read${code}`, example });
    }
  }
  return { env: withFiles, faults };
}
