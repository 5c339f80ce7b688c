/** Mercurius on Fastify, without compiling or, where BENCH_JIT says so, with it from the first request on. */
import Fastify from "fastify";
import mercurius from "mercurius";
import { plainSchema, readAnswers } from "./plainSchema.mjs";

const app = Fastify();
await app.register(mercurius, { schema: plainSchema(readAnswers()), jit: Number(process.env.BENCH_JIT ?? 0) });
await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`READY http://127.0.0.1:${app.server.address().port}\n`);
