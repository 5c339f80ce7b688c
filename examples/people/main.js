// @ts-check
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startPeople } from "./startPeople.js";

const { values } = parseArgs({ options: { port: { type: "string", default: "4001" } } });
const employees = JSON.parse(readFileSync(new URL("employees.json", import.meta.url), "utf8"));
const { url } = await startPeople({ employees, port: Number(values.port) });
process.stdout.write(`People ${url}\n`);
