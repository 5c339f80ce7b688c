/** Whether the site tells an address and it is not the one asked for. Case tells no two addresses apart. */
export function isOthersEmail(told: string | null, asked: string): boolean {
  return told !== null && told.toLowerCase() !== asked.toLowerCase();
}
