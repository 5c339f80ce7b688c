/** graphql-js and nothing else: each document is parsed and validated once, fields are properties of plain objects. */
import { createServer } from "node:http";
import { execute, parse, validate } from "graphql";
import { plainSchema, readAnswers } from "./plainSchema.mjs";

const schema = plainSchema(readAnswers());
const documents = new Map();

function documentOf(query) {
  let document = documents.get(query);
  if (document === undefined) {
    document = parse(query);
    const [fault] = validate(schema, document);
    if (fault !== undefined) throw fault;
    documents.set(query, document);
  }
  return document;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.once("end", async () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const result = await execute({ schema, document: documentOf(query), variableValues: variables });
    const bytes = Buffer.from(JSON.stringify(result));
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": bytes.length });
    response.end(bytes);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`READY http://127.0.0.1:${server.address().port}\n`));
