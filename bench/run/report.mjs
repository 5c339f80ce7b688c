import { formatTable, withSpread } from "./table.mjs";

/** The figures of a run for people. Ratios are medians of rounds, with the least and the most. */
export function report({ cached, reading, start, large }) {
  return [
    ...(cached === undefined ? [] : [cachedTables(cached)]),
    ...(reading === undefined ? [] : [readingTables(reading)]),
    ...(start === undefined ? [] : [startLines(start)]),
    ...(large === undefined ? [] : [largeLines(large)]),
  ].join("\n");
}

function cachedTables(rows) {
  const head = ["", "ratio to bare", "by processor time", "answers/s", "median ms", "p99 ms", "load busy"];
  return rows
    .map(({ title, bytes, servers }) => {
      const lines = Object.entries(servers).map(([name, server]) => [
        name,
        withSpread(server.ratio),
        withSpread(server.ratioByCpu),
        server.perSecond.median,
        server.medianMs.median,
        server.p99Ms.median,
        server.loadIsBusy.median,
      ]);
      return `${title} (${bytes} bytes), from memory\n${formatTable(head, lines)}`;
    })
    .join("\n");
}

function readingTables({ latencyMs, joins, wholeGraph, throttled }) {
  const joinLines = Object.values(joins).flatMap(({ title, calls, ms, timesFasterThan }) =>
    Object.entries(calls).map(([who, count], at) => [
      at === 0 ? title : "",
      who,
      count,
      ms[who].median,
      withSpread(timesFasterThan[who]),
    ]),
  );
  const { sequential, lanes, size, expectedCalls } = wholeGraph;
  const laneLines = Object.entries(lanes).flatMap(
    ([count, { calls, ms, timesFasterThanSequential, plainReader, warmMs }]) => [
      [`ours, ${count} lanes`, calls.cold, ms.median, withSpread(timesFasterThanSequential)],
      [`ours, ${count} lanes, again`, calls.warm, warmMs.median, null],
      [`plain reader, ${count} lanes`, null, plainReader.ms.median, withSpread(plainReader.timesFasterThanSequential)],
    ],
  );
  return [
    `Joins, ${latencyMs} ms an answer`,
    formatTable(["", "who", "calls", "ms", "ours is faster by"], joinLines),
    `Everything: ${size.memberships} memberships, ${size.grants} grants, ${size.accounts} accounts, ${expectedCalls.total} calls, ${latencyMs} ms an answer`,
    formatTable(
      ["", "calls", "ms", "times faster than one lane"],
      [["page by page", sequential.calls, sequential.ms, 1], ...laneLines],
    ),
    ...(throttled === null
      ? []
      : [
          `Under ${throttled.ratePerSecond} calls a second: ${throttled.ms} ms, ${throttled.timesTheFloor} times the floor of ${throttled.floorMs} ms; ${throttled.refused} of ${throttled.calls} calls refused (${throttled.percentRefused} %).\n`,
        ]),
  ].join("\n");
}

function startLines({ readyMs, cpuMs, idleMb, memory }) {
  return [
    `Start to ready, over its own sandbox: ${withSpread(readyMs)} ms, of which ${withSpread(cpuMs)} ms on the processor; ${idleMb} MB resident.`,
    `Over a site of its own: ${memory.idleMb} MB idle, ${memory.afterWholeGraphMb} MB after everything was read, ${memory.afterMoreMb} MB after ${memory.times} more such answers, ${memory.peakMb} MB at most.\n`,
  ].join("\n");
}

function largeLines({
  grants,
  firstReadingMs,
  firstPageMs,
  laterPageMs,
  pageOf1000Ms,
  ratioToSmallSite,
  othersWait,
  memoryMb,
}) {
  return [
    `A site of 20,000 spaces and ${grants} grants: read in ${firstReadingMs} ms; from memory a first page in ${withSpread(firstPageMs)} ms, a later one in ${withSpread(laterPageMs)} ms,`,
    `1,000 grants in ${withSpread(pageOf1000Ms)} ms (${ratioToSmallSite} of the speed on a small site). Others waited ${waitOf(othersWait.whileReading)} while it was read, and ${waitOf(othersWait.whileCrawling)} while the index was crawled.`,
    `${memoryMb.afterReading} MB resident after reading, ${memoryMb.now} MB with the index, ${memoryMb.peak} MB at most.\n`,
  ].join("\n");
}

function waitOf({ medianMs, p99Ms, longestMs }) {
  return `${medianMs} ms (${p99Ms} at p99, ${longestMs} at most)`;
}
