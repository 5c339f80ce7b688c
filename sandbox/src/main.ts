#!/usr/bin/env node
import { runCommand } from "./command/runCommand.js";

await runCommand(process.argv.slice(2));
