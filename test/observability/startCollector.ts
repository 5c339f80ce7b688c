import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A span as a collector reads it from OTLP's JSON. */
export interface ReadSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Posted {
  readonly path: string;
  readonly type: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A collector of spans, at the network's edge: what came, as it came, and what stands in it where that is JSON. */
export async function startCollector(status = 200) {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url: path = "", headers } = request;
      const type = headers["content-type"] ?? "";
      posted.push({ path, type, authorization: headers.authorization, body: Buffer.concat(chunks) });
      response.writeHead(status, { "content-type": type }).end(type === "application/json" ? "{}" : "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const batches = () => posted.map(({ body }) => JSON.parse(body.toString("utf8")) as Export);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    spans: (): ReadSpan[] =>
      batches().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) =>
            spans.map(({ attributes, ...span }) => ({ ...span, facts: factsIn(attributes) })),
          ),
        ),
      ),
    resource: () => factsIn(batches()[0]?.resourceSpans[0]?.resource.attributes ?? []),
  };
}

type Attributes = readonly { readonly key: string; readonly value: Value }[];
interface Value {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly Value[] };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReadSpan, "facts"> & { attributes: Attributes })[];
    }[];
  }[];
}

function factsIn(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueIn(value)]));
}

function valueIn({ stringValue, intValue, doubleValue, arrayValue }: Value): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(valueIn);
  return stringValue ?? (intValue === undefined ? doubleValue : Number(intValue));
}
