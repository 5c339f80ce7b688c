/**
 * Somebody who asks one question again and again, in a process of its own and on bare sockets: what other clients do, and what it takes
 * to read their answers, is no part of what this one waits for.
 *
 *   { url, token, question, connections, pauseMs, headers }   asks from there on
 *   "end"                                                     tells when each question was sent and answered
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

function begin({ url, token, question, connections, pauseMs = 0, headers = {} }) {
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
  const bytes = Buffer.from([...head, "", body].join("\r\n"));
  const loop = async () => {
    const connection = await connect(hostname, Number(port));
    while (!of.isOver) {
      const answered = connection.answer();
      connection.socket.write(bytes);
      const sentMs = nowMs();
      of.spans.push([sentMs, await answered]);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    connection.socket.destroy();
  };
  of.loops = Array.from({ length: connections }, loop);
  return of;
}

/** A connection; `answer` waits for the end of the next answer, and fails where it is no answer with data. */
async function connect(host, port) {
  const socket = createConnection({ host, port, noDelay: true });
  let heard = null;
  let head = null;
  let left = 0;
  const take = (chunk) => {
    if (head !== null) {
      left -= chunk.length;
    } else {
      const at = chunk.indexOf(endOfHead);
      head = chunk.toString("latin1", 0, at);
      const length = /^content-length: (\d+)/im.exec(head);
      // A refusal costs next to nothing, and would be no load.
      const isAnswer = at >= 0 && length !== null && /^HTTP\/1.1 200/.test(head);
      if (!isAnswer) return heard.reject(new Error(`answered ${head}`));
      left = Number(length[1]) - (chunk.length - at - endOfHead.length);
    }
    if (left > 0) return;
    head = null;
    heard.resolve(nowMs());
  };
  socket.on("data", take);
  socket.on("error", (error) => heard?.reject(error));
  socket.on("close", () => heard?.reject(new Error("a connection was closed in the middle")));
  await new Promise((resolve) => socket.once("connect", resolve));
  const answer = () =>
    new Promise((resolve, reject) => {
      heard = { resolve, reject };
    });
  return { socket, answer };
}
