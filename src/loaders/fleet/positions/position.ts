/** How far the stream of changes goes: which stream it is, and the number of a change in it. */
export interface Position {
  /** Another one whenever the stream begins anew: what was before cannot be told from what was not. */
  readonly epoch: string;
  readonly n: number;
}

/** A position, and what tells its entry from any other that ever had its number. */
export interface Place extends Position {
  readonly random: string;
}

/** A process that hears the stream. */
export interface Follower {
  readonly processId: string;
  /** How far it had taken everything in when it told so. */
  readonly at: Position;
  /** How long ago that was. */
  readonly agoMs: number;
}

/** A position as it is stored among what the processes share; what callers are handed is a `PositionTokens`'. */
export function positionText({ epoch, n }: Position): string {
  return `${epoch}.${n}`;
}

/** What a text says; `null` for what is none of ours. */
export function readPosition(text: string): Position | null {
  const dot = text.lastIndexOf(".");
  const digits = text.slice(dot + 1);
  if (dot <= 0 || !/^\d{1,15}$/.test(digits)) return null;
  return { epoch: text.slice(0, dot), n: Number(digits) };
}
