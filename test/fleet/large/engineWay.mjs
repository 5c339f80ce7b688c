/**
 * The way to an engine, as a process of its own, so that a busy test does not slow it: passes bytes on, later, not at all, or others
 * instead. Its parent says how by messages; it says where it listens.
 */
import { connect, createServer } from "node:net";

const [, , socket] = process.argv;
let manner = { kind: "open" };
const pairs = new Set();

const garbage = () => Buffer.from(`$-17\r\n*3\r\n:NaN\r\n+OK\r\n\u0000{"x":1}${"\ufffd".repeat(8)}\r\n`);

const server = createServer((near) => {
  if (manner.kind === "refused") return void near.destroy();
  const far = connect(socket);
  const pair = { near, far };
  pairs.add(pair);
  const end = () => {
    pairs.delete(pair);
    near.destroy();
    far.destroy();
  };
  for (const side of [near, far]) side.setNoDelay(true).on("error", end).on("close", end);
  const pass = (to, bytes) => {
    const { kind, delayMs } = manner;
    if (kind === "open") to.write(bytes);
    else if (kind === "slow") setTimeout(() => to.destroyed || to.write(bytes), delayMs);
  };
  near.on("data", (bytes) => {
    if (manner.kind === "garbage") near.write(garbage());
    else pass(far, bytes);
  });
  far.on("data", (bytes) => pass(near, bytes));
});

process.on("message", (next) => {
  manner = next;
  if (next.kind === "refused") {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  }
  process.send({ manner: next.kind });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
