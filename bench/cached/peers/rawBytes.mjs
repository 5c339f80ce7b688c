/** What Node's own server does with bytes that are ready: it reads the request and looks the answer up by the operation's name. */
import { createServer } from "node:http";
import { readAnswers } from "./plainSchema.mjs";

const answers = new Map(readAnswers().questions.map(({ name, data }) => [name, Buffer.from(JSON.stringify({ data }))]));
const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => {
    const bytes = answers.get(request.url.slice(1));
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": bytes.length });
    response.end(bytes);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`READY http://127.0.0.1:${server.address().port}\n`));
