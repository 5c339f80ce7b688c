import { exampleQueries } from "./exampleQueries.js";

const tabs = exampleQueries.map(({ description, query }) => ({ query: `# ${description}\n${query}\n` }));

/**
 * What the page runs once GraphiQL is there. Held as text because the compiler copies no browser files, and served as a
 * file of its own because the page's policy allows no script in it. The endpoint is found beside the page, so that a
 * proxy may serve both under a prefix. Headers that a user types, a caller's token among them, are not stored.
 */
export const startScript = `"use strict";
const endpoint = new URL("graphql", window.location.href).href;
const fetcher = GraphiQL.createFetcher({ url: endpoint });
const tabs = ${JSON.stringify(tabs, null, 2)};
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: tabs,
    defaultEditorToolsVisibility: false,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
`;
