import type { SiteErrorKind } from "../domain/SiteError.js";
import type { HttpAnswer } from "./Transport.js";

/** An answer that is an error, as a classifier sees it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HttpAnswer["headers"];
  /** The parsed JSON, or the text where it is none. Of any shape and depth: never walked, never serialised. */
  readonly body: unknown;
  /** The body as it came, its beginning at least: what words are looked for in. */
  readonly text: string;
  /** The call as a template. */
  readonly call: string;
}

export interface ErrorClassification {
  readonly kind: SiteErrorKind;
  /** What a person can do about it, as a sentence; the kind's own advice otherwise. */
  readonly advice: string;
}

/**
 * What an adapter knows of an error beyond its status: that this 401 is a missing scope, that this 404 is a wrong
 * address. What it leaves out follows from the status.
 */
export type ErrorClassifier = (answer: ErrorAnswer) => Partial<ErrorClassification> | undefined;
