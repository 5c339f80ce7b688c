// @ts-check
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { composeSupergraph, readSubgraph } from "./composeSupergraph.js";

const { values } = parseArgs({
  options: {
    confluence: { type: "string", default: "http://127.0.0.1:4000/graphql" },
    people: { type: "string", default: "http://127.0.0.1:4001/" },
    tickets: { type: "string", default: "http://127.0.0.1:4002/" },
    port: { type: "string", default: "4003" },
    hive: { type: "boolean", default: false },
    "compose-to": { type: "string" },
  },
});
const subgraphs = await Promise.all([
  readSubgraph("confluence", values.confluence, process.env.CALLER_TOKEN),
  readSubgraph("people", values.people),
  readSubgraph("tickets", values.tickets),
]);
const supergraphSdl = composeSupergraph(subgraphs);
const file = values["compose-to"];
if (file === undefined) {
  const options = { supergraphSdl, port: Number(values.port) };
  const { url } = values.hive
    ? await (await import("./startHiveGateway.js")).startHiveGateway(options)
    : await (await import("./startApolloGateway.js")).startApolloGateway(options);
  process.stdout.write(`Supergraph ${url}\n`);
} else {
  writeFileSync(file, supergraphSdl);
}
