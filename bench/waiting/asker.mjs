/**
 * Somebody who asks one question again and again, in a process of its own and on bare sockets: what other clients do, and what it takes
 * to read their answers, is no part of what this one waits for.
 *
 *   { url, token, question, connections, pipelined, pauseMs, headers }   asks from there on, so many times at once by each connection
 *   "end"                                                                tells when each question was sent and answered
 */
import { createConnection } from "node:net";

const endOfHead = Buffer.from("\r\n\r\n");
/** The same moment for all processes of a machine. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

let asking = null;
process.on("message", (what) => {
  if (what !== "end") {
    asking = begin(what);
    Promise.all(asking.loops).catch((error) => process.send({ error: error.message }));
    return;
  }
  asking.isOver = true;
  Promise.all(asking.loops).then(() => process.send({ spans: asking.spans }));
});
process.on("disconnect", () => process.exit(0));

function begin({ url, token, question, connections, pipelined = 1, pauseMs = 0, headers = {} }) {
  const of = { spans: [], isOver: false, loops: [] };
  const body = JSON.stringify(question);
  const { host, hostname, port, pathname } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    "content-type: application/json",
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const bytes = Buffer.from([...head, "", body].join("\r\n").repeat(pipelined));
  const loop = async () => {
    const connection = await connect(hostname, Number(port));
    while (!of.isOver) {
      const answered = connection.answers(pipelined);
      connection.socket.write(bytes);
      const sentMs = nowMs();
      for (const answeredMs of await answered) of.spans.push([sentMs, answeredMs]);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    connection.socket.destroy();
  };
  of.loops = Array.from({ length: connections }, loop);
  return of;
}

/** A connection; `answers` waits for the end of so many answers, tells when each came, and fails where one is no answer with data. */
async function connect(host, port) {
  const socket = createConnection({ host, port, noDelay: true });
  let heard = null;
  let isInBody = false;
  let left = 0;
  let begun = Buffer.alloc(0);
  const take = (received) => {
    const chunk = begun.length === 0 ? received : Buffer.concat([begun, received]);
    begun = Buffer.alloc(0);
    if (isInBody) {
      const rest = chunk.subarray(left);
      left -= chunk.length;
      if (left <= 0) end(rest);
      return;
    }
    const at = chunk.indexOf(endOfHead);
    const head = chunk.toString("latin1", 0, Math.max(0, at));
    const length = /^content-length: (\d+)/im.exec(head);
    // A head that comes in two parts waits for the other.
    if (at < 0) {
      begun = chunk;
      return;
    }
    // A refusal costs next to nothing, and would be no load.
    if (length === null || !/^HTTP\/1.1 200/.test(head)) return heard.reject(new Error(`answered ${head}`));
    isInBody = true;
    left = Number(length[1]);
    take(chunk.subarray(at + endOfHead.length));
  };
  const end = (rest) => {
    isInBody = false;
    heard.times.push(nowMs());
    if (heard.times.length === heard.count) heard.resolve(heard.times);
    if (rest.length > 0) take(rest);
  };
  socket.on("data", take);
  socket.on("error", (error) => heard?.reject(error));
  socket.on("close", () => heard?.reject(new Error("a connection was closed in the middle")));
  await new Promise((resolve) => socket.once("connect", resolve));
  const answers = (count) =>
    new Promise((resolve, reject) => {
      heard = { resolve, reject, count, times: [] };
    });
  return { socket, answers };
}
