#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// Where much of what some code makes outlives a collection, as in answers of 1,000 rows, V8 allocates what that code makes among what lives
// long from then on. That of small answers then dies there, and takes all that it refers to along: an answer of five spaces took
// 150 µs instead of 94 once large ones had been given, `_entities` of 250 twice as long (Node 20.20, 2026-11-30).
setFlagsFromString("--no-allocation-site-pretenuring");
// graphql-js checks every type twice unless NODE_ENV says "production" when it is loaded: a cached answer of 1,000 grants
// takes half as long again (2026-11-21). So the server is imported only after that is settled.
process.env.NODE_ENV ??= "production";
await import("./cli/command.js");
