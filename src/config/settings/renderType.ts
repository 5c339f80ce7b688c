import type { Setting } from "./Setting.js";

/** What has no meaning where somebody else's server listens. */
const left = ["HOST", "PORT", "METRICS_HOST", "METRICS_PORT"] as const;

const head = `// Rendered from the settings by \`npm run settings\`.

/** What a server of one's own has no use for: it listens itself. */
export const notForEmbedding = ${JSON.stringify(left).replaceAll(",", ", ")} as const;

type Switch = boolean | "on" | "off";

/** What the environment says to the server, for a program that embeds the subgraph: docs/configuration.md. */
export interface SubgraphSettings {
`;

/** The settings as a type, each with its sentence, for those who embed the subgraph. */
export function renderSettingsType(settings: Readonly<Record<string, Setting>>): string {
  const lines = Object.entries(settings).flatMap(([name, setting]) => {
    if (left.some((each) => each === name)) return [];
    const absent =
      setting.default === null ? `Left out: ${setting.unset ?? "nothing"}` : `By default ${setting.default}`;
    return [
      `  /** ${setting.doc} ${absent}. (${setting.type}) */`,
      `  readonly ${name}?: ${typeOf(setting.type)} | undefined;`,
      ...(setting.isSecret ? [`  /** The same from a file. */`, `  readonly ${name}_FILE?: string | undefined;`] : []),
    ];
  });
  return `${head}${lines.join("\n")}\n}\n`;
}

function typeOf(type: string): string {
  if (type === "on or off") return "Switch";
  return /^(whole number|number|seconds|minutes|mebibytes|kibibytes)\b/.test(type) ? "number | string" : "string";
}
