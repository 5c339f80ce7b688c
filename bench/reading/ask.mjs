/** One question to a server of the graph, its time on the clock with it. */
export async function ask(url, query, variables = {}, headers = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const ms = performance.now() - began;
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined) throw new Error(`${url} answered ${JSON.stringify(errors[0]).slice(0, 500)}`);
  return { data, ms, bytes: text.length };
}
