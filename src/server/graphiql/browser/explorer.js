// @ts-check
/** GraphiQL itself, with its tabs, the menu of further examples, and what stands in the answer's place before there is one. */
import { filledVariables } from "./firstValues.js";
import { product } from "./product.js";

const { createElement, useEffect, useState } = React;
const { useEditorContext } = GraphiQL.React;
const builder = GraphiQLPluginExplorer.explorerPlugin();

/** @param {{ fetcher: unknown, values: Readonly<Record<string, unknown>> }} properties */
export function Explorer({ fetcher, values }) {
  const [examples] = useState(() =>
    product.examples.map(({ title, description, query, variables, isTab }) => ({
      title,
      isTab,
      query: `# ${description}\n${query}\n`,
      variables: filledVariables(variables, values),
    })),
  );
  return createElement(
    GraphiQL,
    {
      fetcher,
      storage,
      plugins: [builder],
      defaultTabs: examples.filter(({ isTab }) => isTab).map(({ query, variables }) => ({ query, variables })),
      defaultEditorToolsVisibility: false,
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    },
    createElement(GraphiQL.Logo, null, createElement(Examples, { examples })),
    createElement(GraphiQL.Footer, null, createElement(Invitation)),
  );
}

/** @param {{ examples: readonly { title: string, query: string, variables: string | undefined }[] }} properties */
function Examples({ examples }) {
  const { addTab, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const open = (/** @type {string} */ title) => {
    const example = examples.find((each) => each.title === title);
    if (example === undefined) return;
    addTab();
    // Once the new tab has the editors.
    setTimeout(() => {
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(example.variables ?? "");
    });
  };
  return createElement(
    "select",
    {
      className: "examples",
      "aria-label": "Open an example in a new tab",
      value: "",
      onChange: (/** @type {{ target: { value: string } }} */ { target }) => open(target.value),
    },
    createElement("option", { value: "", disabled: true }, "Examples"),
    ...examples.map(({ title }) => createElement("option", { key: title, value: title }, title)),
  );
}

/** Stands where the answer will, for as long as there is none. */
function Invitation() {
  const { responseEditor } = useEditorContext({ nonNull: true });
  const [isEmpty, setEmpty] = useState(true);
  useEffect(() => {
    if (responseEditor === null) return undefined;
    const look = () => setEmpty(responseEditor.getValue() === "");
    look();
    responseEditor.on("change", look);
    return () => responseEditor.off("change", look);
  }, [responseEditor]);
  if (!isEmpty) return null;
  return createElement(
    "div",
    { className: "invitation" },
    createElement("p", null, "The answer stands here. Run the question with the button, or with Ctrl-Enter."),
    createElement(
      "p",
      null,
      "What could not be read is in ",
      createElement("code", null, "completeness"),
      ": an empty list always means “none”.",
    ),
    createElement(
      "p",
      null,
      "Variables stand below the question; the book on the left explains every field, and the tree beside it builds a query.",
    ),
  );
}

/** Keys have a prefix of ours, because another GraphiQL on the same local port would otherwise bring its own tabs. */
const prefix = `${product.name}:`;
/** GraphiQL's history keeps headers whatever it is told (3.8.2), and a header here is a caller's token: they are taken out. */
const withoutHeaders = (/** @type {string} */ text) =>
  JSON.stringify(JSON.parse(text), (name, value) => (name === "headers" ? undefined : value));
const ownKeys = () => Object.keys(window.localStorage).filter((key) => key.startsWith(prefix));
const storage = {
  get length() {
    return ownKeys().length;
  },
  getItem: (/** @type {string} */ key) => window.localStorage.getItem(prefix + key),
  setItem: (/** @type {string} */ key, /** @type {string} */ text) =>
    window.localStorage.setItem(prefix + key, /:(queries|favorites)$/.test(key) ? withoutHeaders(text) : text),
  removeItem: (/** @type {string} */ key) => window.localStorage.removeItem(prefix + key),
  clear: () => {
    for (const key of ownKeys()) window.localStorage.removeItem(key);
  },
};
