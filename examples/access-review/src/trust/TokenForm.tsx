import { type FormEvent, useState } from "react";

/** Where the server asks for one: docs/callers.md. It goes with the page when that is closed. */
export function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onToken(token.trim());
  };
  return (
    <form className="token" onSubmit={submit}>
      <label>
        This server answers callers with a token alone. Yours:
        <input type="password" autoComplete="off" required value={token} onChange={(e) => setToken(e.target.value)} />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}
