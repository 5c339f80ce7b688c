import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import Negotiator from "negotiator";
import { serverLimits } from "../limits.js";
import { answerLimits } from "./limits.js";

/** What answers are encoded by. Where a client likes both the same, it gets the one that it names first. */
const encodings = ["br", "gzip"] as const;
export type Encoding = (typeof encodings)[number];

/** Where the encoded forms of bytes that are sent again stand beside them. */
export interface KeptForms {
  /** Whether these bytes are kept, so that their forms are worth keeping. */
  keepsForms(bytes: Buffer): boolean;
  findForm(bytes: Buffer, encoding: Encoding): Buffer | undefined;
  keepForm(bytes: Buffer, encoding: Encoding, form: Buffer): void;
}

/** A hook of the framework's: hands on a body, as it is or encoded. */
export type EncodeAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error?: null, payload?: unknown) => void,
) => void;

const byGzip = promisify(gzip);
const byBrotli = promisify(brotliCompress);

/** Beside the loop, in Node's pool of threads. Levels are those at which twice the time saves some hundredths more. */
function encode(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "gzip") return byGzip(bytes, { level: 4 });
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: hint } = constants;
  return byBrotli(bytes, { params: { [quality]: 4, [hint]: bytes.length } });
}

/**
 * Sends what is long enough in the form that its client likes best. Bytes that are kept are encoded once, and their form is kept with
 * them; an answer that was refused or is in pieces passes as it is. The bound of an answer's length counts it before.
 */
export function encodeAnswers(kept: KeptForms | null): EncodeAnswer {
  const likings = new LRUCache<string, Encoding | "none">({ max: serverLimits.acceptHeadersKept });
  const underWay: Readonly<Record<Encoding, Map<Buffer, Promise<Buffer>>>> = { br: new Map(), gzip: new Map() };

  const likingOf = (accept: string): Encoding | "none" => {
    const known = likings.get(accept);
    if (known !== undefined) return known;
    const liked = new Negotiator({ headers: { "accept-encoding": accept } }).encoding([...encodings, "identity"]);
    const liking = encodings.find((encoding) => encoding === liked) ?? "none";
    likings.set(accept, liking);
    return liking;
  };

  const formOf = (payload: string | Buffer, encoding: Encoding): Buffer | Promise<Buffer> => {
    if (typeof payload === "string") return encode(Buffer.from(payload), encoding);
    if (kept?.keepsForms(payload) !== true) return encode(payload, encoding);
    const found = kept.findForm(payload, encoding) ?? underWay[encoding].get(payload);
    if (found !== undefined) return found;
    const encoded = encode(payload, encoding).then((form) => {
      kept.keepForm(payload, encoding, form);
      return form;
    });
    underWay[encoding].set(payload, encoded);
    const over = () => void underWay[encoding].delete(payload);
    encoded.then(over, over);
    return encoded;
  };

  return (request, reply, payload, done) => {
    const isBody = typeof payload === "string" || Buffer.isBuffer(payload);
    if (!isBody || payload.length < answerLimits.encodedFrom || reply.hasHeader("content-encoding")) return done();
    const vary = reply.getHeader("vary");
    reply.header("vary", vary === undefined ? "accept-encoding" : `${String(vary)}, accept-encoding`);
    const accept = request.headers["accept-encoding"];
    if (accept === undefined || accept.length > serverLimits.acceptHeaderLongest) return done();
    const encoding = likingOf(String(accept));
    if (encoding === "none") return done();
    const send = (form: Buffer) => {
      reply.removeHeader("content-length").header("content-encoding", encoding);
      done(null, form);
    };
    const form = formOf(payload, encoding);
    // Whoever cannot be sent the shorter form is sent the longer.
    if (form instanceof Promise) form.then(send, () => done());
    else send(form);
  };
}

export const sendAsIs: EncodeAnswer = (_request, _reply, _payload, done) => done();

/** Forms of what is served as long as the process lives. */
export class FormsOfFiles implements KeptForms {
  readonly #forms = new WeakMap<Buffer, Map<Encoding, Buffer>>();

  keepsForms(): boolean {
    return true;
  }

  findForm(bytes: Buffer, encoding: Encoding): Buffer | undefined {
    return this.#forms.get(bytes)?.get(encoding);
  }

  keepForm(bytes: Buffer, encoding: Encoding, form: Buffer): void {
    const forms = this.#forms.get(bytes) ?? new Map<Encoding, Buffer>();
    this.#forms.set(bytes, forms.set(encoding, form));
  }
}
