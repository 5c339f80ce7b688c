#!/usr/bin/env node
// `npm run repeats -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/repeats/command.ts", "repeatsCommand");
