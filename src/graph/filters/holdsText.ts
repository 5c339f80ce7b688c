/** Whether any of the values holds the text, whatever its case. An absent text fits everything. */
export function holdsText(text: string | null | undefined, values: readonly (string | null)[]): boolean {
  if (text === null || text === undefined || text === "") return true;
  const wanted = text.toLowerCase();
  return values.some((value) => value?.toLowerCase().includes(wanted));
}
