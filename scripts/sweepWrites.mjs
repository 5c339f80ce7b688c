#!/usr/bin/env node
// `npm run sweep:writes -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/sweep/writes/command.ts", "sweepWritesCommand");
