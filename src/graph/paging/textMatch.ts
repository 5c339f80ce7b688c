/** Whether any of the values holds the text, whatever its case. An absent text fits everything. */
export function holdsText(text: string | null | undefined, values: readonly (string | null)[]): boolean {
  if (text === null || text === undefined || text === "") return true;
  const wanted = text.toLowerCase();
  return values.some((value) => value?.toLowerCase().includes(wanted));
}

/** Whether a value is among those wanted. Nothing wanted in particular fits everything; an empty list fits nothing. */
export function isOneOf(value: string, wanted: readonly string[] | null | undefined): boolean {
  return wanted === null || wanted === undefined || wanted.includes(value);
}
