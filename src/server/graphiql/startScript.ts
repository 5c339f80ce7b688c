import { exampleQueries } from "./exampleQueries.js";

const tabs = exampleQueries.map(({ description, query }) => ({ query: `# ${description}\n${query}\n` }));

/**
 * What the page runs once GraphiQL is there. Held as text because the compiler copies no browser files, and served as a
 * file of its own because the page's policy allows no script in it. The endpoint is found beside the page, so that a
 * proxy may serve both under a prefix. GraphiQL's history keeps headers whatever it is told (3.8.2), and a header here is
 * a caller's token: they are taken out of what is stored. Keys have a prefix of ours, because another GraphiQL on
 * the same local port would otherwise bring its own tabs.
 */
export const startScript = `"use strict";
const endpoint = new URL("graphql", window.location.href).href;
const fetcher = GraphiQL.createFetcher({ url: endpoint });
const tabs = ${JSON.stringify(tabs, null, 2)};
const prefix = "confluence-access-graph:";
const withoutHeaders = (text) => JSON.stringify(JSON.parse(text), (name, value) => (name === "headers" ? undefined : value));
const storage = {
  get length() {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix)).length;
  },
  getItem: (key) => window.localStorage.getItem(prefix + key),
  setItem: (key, text) =>
    window.localStorage.setItem(prefix + key, /:(queries|favorites)$/.test(key) ? withoutHeaders(text) : text),
  removeItem: (key) => window.localStorage.removeItem(prefix + key),
  clear: () => {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(prefix)) window.localStorage.removeItem(key);
    }
  },
};
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultEditorToolsVisibility: false,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
`;
