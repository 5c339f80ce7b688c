#!/usr/bin/env node
// graphql-js checks every type twice unless NODE_ENV says "production" when it is loaded: a cached answer of 1,000 grants
// takes half as long again (2026-11-21). So the server is imported only after that is settled.
process.env.NODE_ENV ??= "production";
await import("./cli/command.js");
