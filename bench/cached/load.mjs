/**
 * The load, in a process of its own: connections that ask one question again as soon as it is answered. On bare sockets, and
 * reading no more of an answer than where it ends, so that it is faster than anything it measures; how busy it was is told.
 */
import { createConnection } from "node:net";
import { performance } from "node:perf_hooks";

const endOfHead = Buffer.from("\r\n\r\n");
const lastChunk = "0\r\n\r\n";

process.on("message", ({ url, path, body, connections, warmUpMs, ms }) => {
  run({ url: new URL(url), path, body, connections, warmUpMs, ms }).then(
    (measured) => process.send({ measured }),
    (error) => process.send({ error: error.message }),
  );
});

async function run({ url, path, body, connections, warmUpMs, ms }) {
  const request = Buffer.from(
    [
      `POST ${path ?? url.pathname} HTTP/1.1`,
      `host: ${url.host}`,
      "content-type: application/json",
      "accept: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
  const counted = { all: 0, answers: 0, bytes: 0, latencies: [] };
  const clients = Array.from({ length: connections }, () => openClient(url, request, counted));
  try {
    const failure = Promise.race(clients.map(({ failed }) => failed));
    await Promise.race([failure, pause(warmUpMs)]);
    Object.assign(counted, { answers: 0, bytes: 0, latencies: [] });
    const began = performance.now();
    const idleBefore = performance.eventLoopUtilization();
    await Promise.race([failure, pause(ms)]);
    const taken = performance.now() - began;
    const { utilization } = performance.eventLoopUtilization(idleBefore);
    counted.latencies.sort((left, right) => left - right);
    const at = (share) => counted.latencies[Math.floor(counted.latencies.length * share)] ?? null;
    return {
      perSecond: (counted.answers / taken) * 1_000,
      /** Those of the warm-up too. */
      answers: counted.all,
      bytes: counted.bytes / Math.max(1, counted.answers),
      medianMs: at(0.5),
      p99Ms: at(0.99),
      loadIsBusy: utilization,
    };
  } finally {
    for (const { socket } of clients) socket.destroy();
  }
}

function openClient(url, request, counted) {
  const socket = createConnection({ host: url.hostname, port: Number(url.port), noDelay: true });
  let began = 0;
  let head = null;
  let tail = "";
  let left = 0;
  let bytes = 0;
  const send = () => {
    began = performance.now();
    head = null;
    bytes = 0;
    socket.write(request);
  };
  const answered = () => {
    counted.all += 1;
    counted.answers += 1;
    counted.bytes += bytes;
    counted.latencies.push(performance.now() - began);
    send();
  };
  const failed = new Promise((_, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("a connection was closed in the middle")));
    socket.on("data", (data) => {
      try {
        let chunk = data;
        if (head === null || head.length > 0) {
          head = head === null ? chunk : Buffer.concat([head, chunk]);
          const end = head.indexOf(endOfHead);
          if (end < 0) return;
          left = readHead(head.latin1Slice(0, end));
          chunk = head.subarray(end + 4);
          head = Buffer.alloc(0);
          tail = "";
        }
        bytes += chunk.length;
        if (left === null) {
          tail = (tail + chunk.latin1Slice(Math.max(0, chunk.length - 5))).slice(-5);
          if (tail === lastChunk) answered();
        } else {
          left -= chunk.length;
          if (left === 0) answered();
          else if (left < 0) throw new Error("more came than was announced");
        }
      } catch (error) {
        reject(error);
      }
    });
  });
  failed.catch(() => undefined);
  socket.once("connect", send);
  return { socket, failed };
}

/** How long the body is; `null` where it comes in chunks, whose last one tells. */
function readHead(text) {
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`answered ${text.split("\r\n")[0]}`);
  const length = /^content-length: *(\d+)$/im.exec(text);
  if (length !== null) return Number(length[1]);
  if (!/^transfer-encoding: *chunked$/im.test(text)) throw new Error("an answer that does not tell its length");
  return null;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
process.stdout.write("READY\n");
