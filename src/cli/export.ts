import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { OpenSite } from "../compose/openSite.js";
import type { Config } from "../config/Config.js";
import type { SiteConfig } from "../config/sites/SiteConfig.js";
import { mergeGaps } from "../domain/Complete.js";
import { createLogger } from "../observability/Logger.js";
import { type Format, formats, gapText, writeSheet } from "./export/formats.js";
import { ProgressBar } from "./export/ProgressBar.js";
import type { Rows } from "./export/rows.js";
import { endWithReader, exitCodes, Misuse, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph export --what <what> [options]        (in a clone: npm run --silent export -- …)

Reads a whole site, with the configuration that the server has, and writes what was asked for, row by row, to a file. Where the
environment names no site, the made-up ones are read.

  --what <what>        grants      every grant as Confluence stores it: memberships, permissions, roles
                       effective   who can do what: a row an account and space, with its permissions there
                       findings    what somebody should look at, with the change that ends it
  --site <siteId>      the site, by its short name; may be left out where there is only one
  --format <format>    csv (the default), json or ndjson
  --out <file>         the file to write; standard output where it is left out
  --allow-incomplete   write it also where something could not be read, and list what in the file and on standard error
  --help               this text
  --version            the version of this product

Of csv, cells that a spreadsheet would run as a formula begin with an apostrophe. What is missing stands in a last column (csv),
in objects with \`gap\` at the end (ndjson), or under \`gaps\` (json). A file appears when it is whole. Progress, and
what is missing, is told on standard error.

Ends with 0 when it was written, 1 when something could not be read or written, and 2 when the options or the configuration are
at fault.
`;

const subjects = ["grants", "effective", "findings"] as const;
type Subject = (typeof subjects)[number];

const drawnEveryMs = 250;
/** As long as a timer can be set for: a crawl ends by itself, or breaks off. */
const longestWaitMs = 2 ** 31 - 1;
const slicing = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs: 50,
};

interface Wanted {
  readonly what?: string | undefined;
  readonly site?: string | undefined;
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly "allow-incomplete"?: boolean | undefined;
}

async function exportSite(wanted: Wanted): Promise<number> {
  const what = oneOf("--what", wanted.what, subjects);
  const format = oneOf("--format", wanted.format ?? "csv", formats);
  // What reads a site takes a moment to load, and nobody needs it who asks what the options are.
  const { readConfig } = await import("../config/readConfig.js");
  const config = readConfig(process.env);
  const logger = createLogger({ level: "error", destination: process.stderr });
  const sandbox = config.isSandboxed
    ? await import("../compose/embeddedSandbox.js").then(({ startEmbeddedSandbox }) => startEmbeddedSandbox(config))
    : null;
  try {
    const { openSite } = await import("../compose/openSite.js");
    const open = openSite(config, siteOf(sandbox?.sites ?? config.sites, wanted.site), logger);
    try {
      return await exportOpen(open, { what, format, out: wanted.out, mayMiss: wanted["allow-incomplete"] === true });
    } finally {
      await open.close();
    }
  } finally {
    await sandbox?.close();
  }
}

interface Export {
  readonly what: Subject;
  readonly format: Format;
  readonly out: string | undefined;
  readonly mayMiss: boolean;
}

async function exportOpen(open: OpenSite, { what, format, out, mayMiss }: Export): Promise<number> {
  const { site } = open.loaders.store;
  const bar = new ProgressBar(process.stderr);
  const index = await crawled(open, bar);
  const rows = await rowsOf(what, open, index);
  // What keeps the whole crawl from going on, such as a rejected credential, no part of the index tells.
  const gaps = isThrough(open) ? rows.gaps : mergeGaps(rows.gaps, open.index.status.gaps);
  if (gaps.length > 0) {
    bar.end();
    const [many, verb] = gaps.length === 1 ? ["1 thing", "was"] : [`${gaps.length} things`, "were"];
    const outcome = mayMiss
      ? "they are listed with it"
      : "nothing was written; --allow-incomplete writes it all the same";
    process.stderr.write(`The answer is incomplete: ${many} ${verb} not read; ${outcome}.\n`);
    for (const gap of gaps.slice(0, 20)) process.stderr.write(`  ${gapText(gap)}\n`);
    if (gaps.length > 20) process.stderr.write(`  … and ${gaps.length - 20} more\n`);
    if (!mayMiss) return exitCodes.failed;
  }
  const asOf = Number.isFinite(index.asOfMs) ? new Date(index.asOfMs).toISOString() : null;
  let done = 0;
  const made = rows.of(() => {
    done += 1;
    bar.show(rows.unit, done, rows.total);
  });
  const about = { site: site.siteId, url: site.url, what, asOf };
  const chunks = writeSheet(format, { columns: rows.columns, about, gaps }, made);
  await write(chunks, out);
  bar.end();
  return exitCodes.fine;
}

function isThrough({ index }: OpenSite): boolean {
  return index.status.state === "READY" || index.status.state === "REFRESHING";
}

/** The index once its crawl is through, or once that broke off. */
async function crawled(open: OpenSite, bar: ProgressBar): Promise<AccessIndex> {
  const drawing = setInterval(() => {
    const { done, total } = open.index.status.progress;
    bar.show("parts read", done, total);
  }, drawnEveryMs);
  try {
    return await open.index.whenReady(longestWaitMs);
  } finally {
    clearInterval(drawing);
    open.freeze();
  }
}

async function rowsOf(what: Subject, { loaders }: OpenSite, index: AccessIndex): Promise<Rows> {
  const { siteId } = loaders.store.site;
  const { effectiveRows, findingRows, grantRows } = await import("./export/rows.js");
  if (what === "grants") return grantRows(index, siteId);
  if (what === "effective") return effectiveRows(index);
  const [{ takeLastActivity }, { withFindings }] = await Promise.all([
    import("../readings/lastActivity.js"),
    import("../access/findings/keptFindings.js"),
  ]);
  const { gaps, unknowable } = await takeLastActivity(loaders, index, slicing);
  // What the site cannot tell is no part of the sheet that is missing; the error stream says so.
  if (unknowable !== null) process.stderr.write(`Dormant administrators are not known: ${unknowable.reason}\n`);
  const nowMs = loaders.store.clock.now();
  // biome-ignore lint/correctness/useYield: rows are told while they are written, from an index that stands still
  return withFindings(index, nowMs, slicing, function* (list) {
    return findingRows(list, index, siteId, gaps);
  });
}

/** Writes no faster than what is written is taken; a file under its name only once it is whole. */
async function write(chunks: Iterable<string>, out: string | undefined): Promise<void> {
  if (out === undefined) {
    for (const chunk of chunks)
      if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    return;
  }
  const part = `${out}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(part, { mode: 0o600 }));
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw new Unwritten(`The file could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

class Unwritten extends Error {
  override readonly name = "Unwritten";
}

function oneOf<Word extends string>(option: string, given: string | undefined, words: readonly Word[]): Word {
  const word = words.find((each) => each === given);
  if (word === undefined) throw new Misuse(`${option} takes one of ${words.join(", ")}. See --help.`);
  return word;
}

function siteOf(sites: Config["sites"], siteId: string | undefined): SiteConfig {
  const [only, ...others] = sites;
  const found = siteId === undefined && others.length === 0 ? only : sites.find((site) => site.siteId === siteId);
  if (found !== undefined) return found;
  throw new Misuse(`--site takes one of ${sites.map((site) => site.siteId).join(", ")}.`);
}

async function run(values: Wanted): Promise<number> {
  try {
    return await exportSite(values);
  } catch (error) {
    if (!(error instanceof Unwritten)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.failed;
  }
}

endWithReader();
await runCommand({
  usage,
  options: {
    what: { type: "string" },
    site: { type: "string" },
    format: { type: "string" },
    out: { type: "string" },
    "allow-incomplete": { type: "boolean" },
  },
  run,
});
