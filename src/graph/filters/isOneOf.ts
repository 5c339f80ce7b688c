/** Whether a value is among those wanted. Nothing wanted in particular fits everything; an empty list fits nothing. */
export function isOneOf(value: string, wanted: readonly string[] | null | undefined): boolean {
  return wanted === null || wanted === undefined || wanted.includes(value);
}
