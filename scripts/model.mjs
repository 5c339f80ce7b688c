#!/usr/bin/env node
// `npm run model -- --help`
import { runCommand } from "./runCommand.mjs";

await runCommand("/test/model/command.ts", "modelCommand");
