#!/usr/bin/env node
// `npm run soak -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/soak/command.ts", "soakCommand");
