import type { Setting } from "./Setting.js";

/** The settings as Markdown: a heading and a table for each section. */
export function renderSettingsTable(settings: Readonly<Record<string, Setting>>): string {
  const lines: string[] = [];
  let section: string | null = null;
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.section !== section) {
      section = setting.section;
      if (lines.length > 0) lines.push("");
      lines.push(`## ${section}`, "", "| variable | type | default | meaning |", "|---|---|---|---|");
    }
    const absent = setting.default === null ? `unset: ${setting.unset ?? "nothing"}` : `\`${setting.default}\``;
    const cells = [`\`${name}\``, setting.type, absent, setting.doc].map((cell) => cell.replaceAll("|", "\\|"));
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return `${lines.join("\n")}\n`;
}
