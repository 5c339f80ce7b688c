/** Whether an `Accept` header asks for JSON by name. `*` of any kind does not: Confluence then answers errors as XML. */
export function acceptsJson(accept: string | undefined): boolean {
  return /\bapplication\/([\w.-]+\+)?json\b/i.test(accept ?? "");
}
