#!/usr/bin/env node
// `npm run sweep -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/sweep/command.ts", "sweepCommand");
