import { timingSafeEqual } from "node:crypto";
import type { FleetEngine } from "../../../fleet/FleetEngine.js";
import { type News, readNews, writeNews } from "./News.js";
import { type Place, type Position, positionText, readPosition } from "./position.js";

/** The longest text that is looked at: none of ours is longer. */
export const longestToken = 2_000;

/** What fits into a token of that length, beside all else that stands in it. */
const mostNewsBytes = 1_300;
const alone = "alone-";

/** What a caller presents. */
export type Token =
  | { readonly kind: "stream"; readonly position: Position }
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
    const sealed = plain === null ? "" : this.#engine.seal(this.#keyOf(name), plain).toString("base64url");
    return this.#signed(`${name}.${sealed}`);
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
    if (!epoch.startsWith(alone)) return { kind: "stream", position };
    const sealed = told.slice(dot + 1);
    const plain = sealed === "" ? null : this.#engine.open(this.#keyOf(name), Buffer.from(sealed, "base64url"));
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
