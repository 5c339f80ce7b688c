import { readFileSync } from "node:fs";
import type { z } from "zod";
import { type ConfigFault, codeOfSystem } from "../Config.js";
import { type Setting, settingText } from "./Setting.js";
import { type SettingName, settings } from "./settings.js";

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

/** A fault of a variable, with the example that stands in the table of settings. */
export function faultOf(variable: SettingName, problem: string): ConfigFault {
  return { variable, problem, example: `${variable}=${settings[variable].example}` };
}

/** A fault of a variable that should not be set here: the line that is right is an empty one, which counts as unset. */
export function faultOfSuperfluous(variable: SettingName, problem: string): ConfigFault {
  return { variable, problem, example: `${variable}=` };
}

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
      faults.push({ variable, problem: `names a file that cannot be read${codeOfSystem(error)}`, example });
    }
  }
  return { env: withFiles, faults };
}

const ownPrefixes = ["CONFLUENCE_", "CACHE_TTL_", "ATLASSIAN_"];
/** How many letters may differ for a name to be called a misspelling of another. */
const closeEnough = 3;

/** One sentence for each variable that looks like a setting of ours and is none. Names only, never values. */
export function findUnknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.entries(settings).flatMap(([name, { isSecret }]) =>
    isSecret ? [name, `${name}_FILE`] : [name],
  );
  return Object.keys(env)
    .filter((name) => (env[name] ?? "").trim() !== "" && !known.includes(name))
    .filter((name) => ownPrefixes.some((prefix) => name.startsWith(prefix)))
    .sort()
    .map((name) => {
      const nearest = known
        .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
        .sort((left, right) => left.distance - right.distance)[0];
      const hint =
        nearest !== undefined && nearest.distance <= closeEnough ? ` Did you mean ${nearest.candidate}?` : "";
      return `The environment variable ${name} is not a setting and is ignored.${hint}`;
    });
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
