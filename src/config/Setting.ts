import type { z } from "zod";

/** The groups in which settings are documented, in this order. */
export type SettingSection =
  | "Confluence"
  | "Confluence Cloud"
  | "Confluence Data Center"
  | "Organization"
  | "Provisioning"
  | "Serving"
  | "Limits"
  | "Cache"
  | "Logs";

/** One environment variable: how it is read and how it is explained. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly section: SettingSection;
  /** Reads the text. Its messages complete the sentence "NAME …" and never quote the value. */
  readonly schema: Schema;
  /** The type in a person's words: `whole number, 0 to 65535`. */
  readonly type: string;
  /** The text that stands in when the variable is unset or empty; `null` where there is none. */
  readonly default: string | null;
  /** What the absence of a default means, for documentation: `the embedded sandbox`. */
  readonly unset?: string;
  readonly example: string;
  readonly isSecret: boolean;
  /** Blanks around the text belong to it; otherwise they are dropped. */
  readonly isVerbatim?: boolean;
  /** One line of documentation, a full sentence. */
  readonly doc: string;
}
