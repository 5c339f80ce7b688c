import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Naming, ownNaming } from "../graph/schema/naming/Naming.js";
import type { ChainPosition } from "../record/ChangeRecord.js";
import { LineVerifier, positionLine } from "../record/chain.js";
import { endWithReader, exitCodes, Misuse, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph audit verify [options]        (in a clone: npm run audit -- verify [options])
       confluence-access-graph audit export [options]

verify   checks the record of changes, each site's chain from its first entry or from where older ones were let go: finds
         what is missing, changed or out of its order, and names it. Asks the running server, or reads files of lines.
export   writes the record of the running server as lines, to be kept elsewhere and verified there.

  --url <address>      the server's graph (default http://127.0.0.1:4000/graphql)
  --token-file <path>  a file with the token that the server asks callers for
  --prefix <name>      the server's SCHEMA_PREFIX, where it has one
  --file <path>        verify: lines of AUDIT_LOG or of an export, instead of asking a server; given several times, the
                       oldest first, the files of a log that was rotated are read as one
  --head <site=number:hash>
                       verify: an entry that was noted earlier, which must be there unchanged; may be given for each site
  --out <path>         export: the file to write; standard output where it is left out
  --help               this text
  --version            the version of this product

verify prints a line for each site, with the number and the hash of its newest entry: note them somewhere else, and nobody
can change what came before unseen, whoever can write to the record.
Several processes that share a database write a file each, and none of them is whole: ask a server then.

Ends with 0 when every chain is whole, 1 when one is not or the record cannot be read, and 2 when the options are at fault.
`;

interface Source {
  readonly url?: string | undefined;
  readonly "token-file"?: string | undefined;
  readonly prefix?: string | undefined;
  readonly file?: readonly string[] | undefined;
}

/** Verifies the record of changes, or copies it. */
async function audit(
  action: "verify" | "export",
  values: Source & { readonly head?: readonly string[] | undefined; readonly out?: string | undefined },
): Promise<number> {
  try {
    return action === "verify" ? await verify(values, readHeads(values.head ?? [])) : await exportLines(values);
  } catch (error) {
    if (!(error instanceof ServerUnread)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.failed;
  }
}

async function verify(source: Source, heads: ReadonlyMap<string, ChainPosition>): Promise<number> {
  const verifier = new LineVerifier(heads);
  for await (const line of linesOf(source)) verifier.take(line);
  const { chains, notes } = verifier.finish();
  for (const { siteId, entries, head, faults, notes: told } of chains) {
    const newest = head === null ? "nothing on record" : `newest ${head.number}:${head.hash}`;
    const count = `${entries} ${entries === 1 ? "entry" : "entries"}`;
    process.stdout.write(`${siteId}: ${count}, ${newest}${faults.length === 0 ? "" : ", NOT WHOLE"}\n`);
    for (const { kind, message } of faults) process.stdout.write(`  ${kind}: ${message}\n`);
    for (const note of told) process.stdout.write(`  ${note}\n`);
  }
  for (const note of notes) process.stdout.write(`${note}\n`);
  const isWhole = chains.every(({ faults }) => faults.length === 0);
  if (chains.length === 0) process.stdout.write("No entry was found.\n");
  else process.stdout.write(isWhole ? "Every chain is whole.\n" : "The record is not what was written.\n");
  return isWhole ? exitCodes.fine : exitCodes.failed;
}

async function exportLines(source: Source & { readonly out?: string | undefined }): Promise<number> {
  if (source.file !== undefined) throw new Misuse("--file is for verify: export asks a server.");
  const lines = linesOfServer(await serverOf(source));
  if (source.out === undefined) {
    for await (const line of lines) process.stdout.write(line);
  } else {
    await pipeline(Readable.from(lines), createWriteStream(source.out, { mode: 0o600 }));
  }
  return exitCodes.fine;
}

async function* linesOf(source: Source): AsyncGenerator<string> {
  if (source.file === undefined) {
    yield* linesOfServer(await serverOf(source));
    return;
  }
  if (source.url !== undefined) throw new Misuse("Give --file or --url, not both.");
  for (const path of source.file)
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}

async function serverOf({
  url = "http://127.0.0.1:4000/graphql",
  "token-file": tokenFile,
  prefix = "",
}: Source): Promise<AskedServer> {
  if (!URL.canParse(url)) throw new Misuse("--url is no address.");
  const naming = new Naming({ ...ownNaming, prefix });
  return { url, naming, token: tokenFile === undefined ? null : (await readFile(tokenFile, "utf8")).trim() };
}

function readHeads(texts: readonly string[]): Map<string, ChainPosition> {
  return new Map(
    texts.map((text) => {
      const [, siteId, number, hash] = /^([^=]+)=(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
      if (siteId === undefined || hash === undefined) {
        throw new Misuse("--head takes what verify printed: <site>=<number>:<hash>.");
      }
      return [siteId, { number: Number(number), hash }];
    }),
  );
}

/** Where the running server is, and what it wants to be shown. */
interface AskedServer {
  readonly url: string;
  readonly naming: Naming;
  readonly token: string | null;
}

/** Entries asked for at once. */
const pageSize = 500;

interface EntriesPage {
  readonly checkpoint: ChainPosition | null;
  readonly head: ChainPosition | null;
  readonly entries: readonly { number: number; previousHash: string; hash: string; record: string }[];
}

/** The server could not be asked, or did not answer with a record. */
class ServerUnread extends Error {
  override readonly name = "ServerUnread";
}

/** The whole record of every site as lines: where each chain begins, its entries, and where it ends. */
async function* linesOfServer(server: AskedServer): AsyncGenerator<string> {
  const { sites } = await ask<{ sites: readonly { siteId: string }[] }>(
    server,
    `{ sites: ${server.naming.fieldName("Query", "sites")} { siteId } }`,
    {},
  );
  for (const { siteId } of sites) yield* linesOfSite(server, siteId);
}

async function* linesOfSite(server: AskedServer, siteId: string): AsyncGenerator<string> {
  let after = 0;
  let isFirst = true;
  for (;;) {
    const variables = { siteId, after, first: pageSize };
    const { recordEntries: page } = await ask<{ recordEntries: EntriesPage }>(server, documentFor(server), variables);
    if (isFirst && page.checkpoint !== null) yield positionLine("checkpoint", siteId, page.checkpoint);
    isFirst = false;
    for (const { number, previousHash: previous, hash, record } of page.entries) {
      after = Math.max(after, number);
      yield `${JSON.stringify({ ...(JSON.parse(record) as object), siteId, number, previous, hash })}\n`;
    }
    // The head is told of the same moment or later: what was written meanwhile is asked for once more.
    if (page.entries.length > 0) continue;
    if (page.head !== null) yield positionLine("head", siteId, page.head);
    return;
  }
}

const documentFor = ({ naming }: AskedServer) => `query Record($siteId: ID!, $after: Int!, $first: Int!) {
  recordEntries: ${naming.fieldName("Query", "recordEntries")}(siteId: $siteId, afterNumber: $after, first: $first) {
    checkpoint { number hash }
    head { number hash }
    entries { number previousHash hash record }
  }
}`;

async function ask<Data>({ url, token }: AskedServer, query: string, variables: object): Promise<Data> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  }).catch(() => {
    throw new ServerUnread(`No server answers at ${url}. Name it by --url.`);
  });
  const answer = (await response.json().catch(() => null)) as {
    data?: Data | null;
    errors?: readonly { message: string }[];
  } | null;
  const [error] = answer?.errors ?? [];
  if (error !== undefined) throw new ServerUnread(`The server says: ${error.message}`);
  if (!answer?.data) throw new ServerUnread(`What answers at ${url} is no graph: HTTP ${response.status}.`);
  return answer.data;
}

endWithReader();
await runCommand({
  usage,
  actions: ["verify", "export"],
  options: {
    url: { type: "string" },
    "token-file": { type: "string" },
    prefix: { type: "string" },
    file: { type: "string", multiple: true },
    head: { type: "string", multiple: true },
    out: { type: "string" },
  },
  run: (values, action) => audit(action ?? "verify", values),
});
