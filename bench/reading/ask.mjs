/** One question to a server of the graph: what it answers, as text, and the time on the clock. */
export async function askText(url, query, variables = {}, headers = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { ms: performance.now() - began, text };
}

/** The same, read; an error among the answer is thrown. */
export async function ask(url, query, variables = {}, headers = {}) {
  const { ms, text } = await askText(url, query, variables, headers);
  const { data, errors } = JSON.parse(text);
  if (errors !== undefined) throw new Error(`${url} answered ${JSON.stringify(errors[0]).slice(0, 500)}`);
  return { data, ms, bytes: text.length };
}
