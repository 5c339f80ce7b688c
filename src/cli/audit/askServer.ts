import type { ChainPlace } from "../../record/ChangeRecord.js";
import { placeLine } from "../../record/lines.js";

/** Where the running server is, and what it wants to be shown. */
export interface AskedServer {
  readonly url: string;
  readonly token: string | null;
}

/** Entries asked for at once. */
const pageSize = 500;

interface EntriesPage {
  readonly checkpoint: ChainPlace | null;
  readonly head: ChainPlace | null;
  readonly entries: readonly { number: number; previousHash: string; hash: string; record: string }[];
}

/** The server could not be asked, or did not answer with a record. */
export class ServerUnread extends Error {
  override readonly name = "ServerUnread";
}

/** The whole record of every site as lines: where each chain begins, its entries, and where it ends. */
export async function* linesOfServer(server: AskedServer): AsyncGenerator<string> {
  const { sites } = await ask<{ sites: readonly { siteId: string }[] }>(server, "{ sites { siteId } }", {});
  for (const { siteId } of sites) yield* linesOfSite(server, siteId);
}

async function* linesOfSite(server: AskedServer, siteId: string): AsyncGenerator<string> {
  let after = 0;
  let isFirst = true;
  for (;;) {
    const variables = { siteId, after, first: pageSize };
    const { recordEntries: page } = await ask<{ recordEntries: EntriesPage }>(server, document, variables);
    if (isFirst && page.checkpoint !== null) yield placeLine("checkpoint", siteId, page.checkpoint);
    isFirst = false;
    for (const { number, previousHash: previous, hash, record } of page.entries) {
      after = Math.max(after, number);
      yield `${JSON.stringify({ ...(JSON.parse(record) as object), siteId, number, previous, hash })}\n`;
    }
    // The head is told of the same moment or later: what was written meanwhile is asked for once more.
    if (page.entries.length > 0) continue;
    if (page.head !== null) yield placeLine("head", siteId, page.head);
    return;
  }
}

const document = `query Record($siteId: ID!, $after: Int!, $first: Int!) {
  recordEntries(siteId: $siteId, afterNumber: $after, first: $first) {
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
