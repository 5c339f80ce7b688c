export interface GraphAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes, and a wrong guess fails the test
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Sends one GraphQL operation and reads the answer. */
export async function sendQuery(
  url: string,
  document: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as GraphAnswer;
}
