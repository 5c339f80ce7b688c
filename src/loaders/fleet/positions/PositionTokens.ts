import { randomBytes, timingSafeEqual } from "node:crypto";
import type { FleetEngine } from "../../../fleet/FleetEngine.js";
import { type News, readNews, writeNews } from "./News.js";
import { type Place, positionText, readPosition } from "./position.js";

/** The longest text that is looked at: none of ours is longer. */
export const longestToken = 2_000;

/** What fits into a token of that length, beside all else that stands in it. */
const mostNewsBytes = 1_300;
const alone = "alone-";
/** Of what was handed out with nothing to tell. */
const untold = "~";
/** Has no changes. */
const nobody = "-";
/** Between positions that are to be reached together. */
const and = ",";

/** What a caller presents. */
export type Token =
  | { readonly kind: "stream"; readonly place: Place }
  /** Of a process that could not tell all of its changes in the stream; `news` is `null` where it knew of more than it could say. */
  | { readonly kind: "apart"; readonly processId: string; readonly ticket: number; readonly news: News | null };

/**
 * The positions that callers are handed, who make nothing of them, and present again. Only processes of the deployment can make one up:
 * so none can be presented before it was handed out, and what it was handed out for had happened by then.
 */
export class PositionTokens {
  readonly #engine: Pick<FleetEngine, "key" | "seal" | "open">;
  readonly #key: string;

  constructor(engine: Pick<FleetEngine, "key" | "seal" | "open">) {
    this.#engine = engine;
    this.#key = engine.key(scope, "news");
  }

  /** A position in the stream. */
  inStream(place: Place): string {
    return this.#signed(`${positionText(place)}.${place.random}`);
  }

  /** Of a process after that many changes of its own, and what others need to be told to be where it is. */
  apart(processId: string, ticket: number, news: News | null): string {
    const name = positionText({ epoch: `${alone}${processId}`, n: ticket });
    const plain = news === null ? null : writeNews(news, mostNewsBytes);
    const told =
      plain === null
        ? // No two are alike: what was known of one when it was presented first does not go for one that is handed out later.
          `${untold}${randomBytes(9).toString("base64url")}`
        : this.#engine.seal(this.#keyOf(name), plain).toString("base64url");
    return this.#signed(`${name}.${told}`);
  }

  /** One that is reached where all of them are; nowhere, where they are too long together. */
  together(texts: readonly string[]): string {
    const text = [...new Set(texts)].join(and);
    return text.length <= longestToken ? text : this.apart(nobody, 0, null);
  }

  /** What is to be reached together; `null` where not all of it was handed out by this deployment. */
  readAll(text: string): readonly Token[] | null {
    if (text.length > longestToken) return null;
    const tokens = this.partsOf([text]).map((part) => this.read(part));
    const known = tokens.filter((token) => token !== null);
    return known.length === tokens.length ? known : null;
  }

  /** A header that is sent several times comes as one. */
  partsOf(texts: readonly string[]): readonly string[] {
    return texts.flatMap((text) => text.split(and)).map((part) => part.trim());
  }

  /** What a text says; `null` for what was not handed out by this deployment. */
  read(text: string): Token | null {
    if (text.length > longestToken) return null;
    const end = text.lastIndexOf(".");
    const told = text.slice(0, Math.max(0, end));
    const dot = told.lastIndexOf(".");
    const name = told.slice(0, Math.max(0, dot));
    const position = readPosition(name);
    if (position === null || !isSame(text, this.#signed(told))) return null;
    const { epoch, n } = position;
    const sealed = told.slice(dot + 1);
    if (!epoch.startsWith(alone)) return { kind: "stream", place: { epoch, n, random: sealed } };
    const plain = sealed.startsWith(untold)
      ? null
      : this.#engine.open(this.#keyOf(name), Buffer.from(sealed, "base64url"));
    const news = plain === null ? null : readNews(plain);
    return { kind: "apart", processId: epoch.slice(alone.length), ticket: n, news };
  }

  #keyOf(name: string): string {
    return `${this.#key}:${name}`;
  }

  #signed(told: string): string {
    const name = this.#engine.key(scope, "token", told);
    return `${told}.${name.slice(name.lastIndexOf(":") + 1)}`;
  }
}

const scope = "fleet positions";

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
