import type { SitePart } from "./SitePart.js";

/** The place where a site is configured: how it calls the parts, and where it hears what is wrong with one. */
export interface SiteReport {
  readonly nameOf: (part: SitePart) => string;
  /** A problem completes the sentence "NAME …" and quotes no value. */
  readonly tell: (part: SitePart, problem: string) => void;
  /** The same of a part that should not be there at all. */
  readonly refuse: (part: SitePart, problem: string) => void;
}
