#!/usr/bin/env node
// `npm run sweep:index -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/sweep/index/command.ts", "sweepIndexCommand");
