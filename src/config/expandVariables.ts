import { settingText } from "./settingText.js";

/**
 * A document with every `${NAME}` in its texts replaced by the environment variable of that name. A variable that is
 * missing or empty is told to `report` with the path where it stands; the value itself never is. Blanks around a value are
 * dropped, except in a `password`.
 */
export function expandVariables(
  document: unknown,
  env: NodeJS.ProcessEnv,
  report: (path: string, problem: string) => void,
  path = "",
): unknown {
  if (typeof document === "string") {
    return document.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_text, name: string) => {
      const value = settingText(env[name] ?? "", { isVerbatim: path.endsWith(".password") });
      if (value === "") report(path, `names the environment variable ${name}, which is not set`);
      return value === "" ? `unset-${name}` : value;
    });
  }
  if (Array.isArray(document)) {
    return document.map((item, index) => expandVariables(item, env, report, `${path}[${index}]`));
  }
  if (typeof document === "object" && document !== null) {
    return Object.fromEntries(
      Object.entries(document).map(([key, value]) => [
        key,
        expandVariables(value, env, report, path === "" ? key : `${path}.${key}`),
      ]),
    );
  }
  return document;
}
