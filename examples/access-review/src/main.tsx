import { ApolloProvider } from "@apollo/client/react";
import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { createClient } from "./client.ts";
import { ReviewPage } from "./ReviewPage.tsx";
import "./styles.css";

/** Where the graph is: behind the page's own origin, unless the build was told another. */
const graphUrl: string = import.meta.env.VITE_GRAPHQL_URL ?? "/graphql";

function App() {
  // In memory alone: a token in the browser's storage is there for every script that ever runs on this origin.
  const [token, setToken] = useState<string | null>(null);
  const client = useMemo(() => createClient(new URL(graphUrl, location.href).href, token), [token]);
  return (
    <ApolloProvider client={client}>
      <ReviewPage key={token} onToken={setToken} />
    </ApolloProvider>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
