/** Why no account of this name can be created, for a person; `null` where it can. A `/` is allowed, and `@`. */
export function objectionToNewUsername(username: string): string | null {
  if (username.trim() === "") return "The user name is empty.";
  if (/\s/.test(username)) return "A user name holds no white space.";
  if (username.toLowerCase() === "anonymous") return 'No user can be called "anonymous".';
  if (/[\\,+<>'"]/.test(username)) return "A user name holds none of these characters: \\ , + < > ' \"";
  if (username !== username.toLowerCase()) return "A user name holds no upper-case letters.";
  return null;
}
