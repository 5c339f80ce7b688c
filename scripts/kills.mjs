#!/usr/bin/env node
// `npm run kills -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/kills/command.ts", "killsCommand");
