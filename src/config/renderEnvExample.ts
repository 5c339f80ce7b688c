import type { Setting } from "./Setting.js";

/**
 * The text of `.env.example`: every setting with its line of documentation, all commented out, so that a copy changes
 * nothing until a line is uncommented.
 */
export function renderEnvExample(settings: Readonly<Record<string, Setting>>): string {
  const lines = [
    "# Every setting, rendered from src/config/settings.ts. A line takes effect when its leading # is removed.",
    "# With nothing set, the embedded sandbox is served on http://127.0.0.1:4000.",
  ];
  let section: string | null = null;
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.section !== section) {
      section = setting.section;
      lines.push("", `# ---- ${section} ----`);
    }
    const absent = setting.default === null ? `Unset: ${setting.unset ?? "nothing"}` : `Default: ${setting.default}`;
    lines.push("", `# ${setting.doc}`, `# ${absent}. (${setting.type})`, `#${name}=${setting.example}`);
  }
  return `${lines.join("\n")}\n`;
}
