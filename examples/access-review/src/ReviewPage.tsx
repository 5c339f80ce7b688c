import { useEffect, useState } from "react";
import { SpaceReview } from "./review/SpaceReview.tsx";
import { SpacePicker } from "./spaces/SpacePicker.tsx";
import { TokenForm } from "./trust/TokenForm.tsx";

/** The space stands in the address, so that a review can be bookmarked, reloaded and sent to a colleague. */
function useSpaceOfAddress(): string | null {
  const read = () => new URLSearchParams(location.hash.slice(1)).get("space");
  const [space, setSpace] = useState(read);
  useEffect(() => {
    const follow = () => setSpace(read());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return space;
}

export function ReviewPage({ onToken }: { readonly onToken: (token: string) => void }) {
  const space = useSpaceOfAddress();
  const [isAskedForToken, askForToken] = useState(false);
  return (
    <div className="page">
      <header className="bar">
        <h1>Access review</h1>
        <p>Who can do what in Confluence, and why</p>
      </header>
      {isAskedForToken && <TokenForm onToken={onToken} />}
      <nav className="spaces" aria-label="Spaces">
        <SpacePicker chosen={space} onTokenWanted={() => askForToken(true)} />
      </nav>
      <main>
        {space === null ? (
          <p className="empty">Choose a space to review who can do what there.</p>
        ) : (
          <SpaceReview key={space} space={space} />
        )}
      </main>
    </div>
  );
}
