#!/usr/bin/env node
// `npm run fleet -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/fleet/large/command.ts", "fleetCommand");
