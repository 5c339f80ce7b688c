import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { turns } from "../../callers/Turns.js";

/** Bytes that are handed to the system in one piece: it copies them, and on one machine sees to their receipt, some tenths of a millisecond. */
const bytesOfPiece = 262_144;

/**
 * What goes out in the place of a body: beside others a long one in pieces, one in a turn of the event loop and as fast as its client
 * takes them.
 */
export function inPieces(
  { raw: { socket } }: Pick<FastifyRequest, "raw">,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const isBody = typeof payload === "string" || Buffer.isBuffer(payload);
  if (!isBody || payload.length <= bytesOfPiece || !turns.isBeside(socket)) return payload;
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  reply.header("content-length", bytes.length);
  return new Pieces(bytes);
}

const nothing = Buffer.alloc(0);

class Pieces extends Readable {
  #left: Buffer;
  #isBegun = false;

  constructor(bytes: Buffer) {
    super({ highWaterMark: 1 });
    this.#left = bytes;
  }

  override _read(): void {
    const piece = this.#left.subarray(0, bytesOfPiece);
    // Its connection points to this for as long as it waits for its next answer, and bytes that are held have everybody's garbage collected.
    this.#left = piece.length === this.#left.length ? nothing : this.#left.subarray(piece.length);
    const push = () => void this.push(piece.length === 0 ? null : piece);
    // The first goes with the headers, and there is nothing to wait for behind the last.
    if (piece.length === 0 || !this.#isBegun) push();
    else setImmediate(push);
    this.#isBegun = true;
  }
}
