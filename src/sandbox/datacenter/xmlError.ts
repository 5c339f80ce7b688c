/** What XML cannot hold, however it is written: control characters, halves of characters and two that are none. */
const unspeakable = /[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu;

/** An error for a caller that did not ask for JSON. */
export function xmlError(status: number, message: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return `${declaration}<status><status-code>${status}</status-code><message>${escaped(message)}</message></status>`;
}

function escaped(text: string): string {
  return text.replace(unspeakable, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
