// @ts-check
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startTickets } from "./startTickets.js";

const { values } = parseArgs({ options: { port: { type: "string", default: "4002" } } });
const accessRequests = JSON.parse(readFileSync(new URL("accessRequests.json", import.meta.url), "utf8"));
const { url } = await startTickets({ accessRequests, port: Number(values.port) });
process.stdout.write(`Tickets ${url}\n`);
