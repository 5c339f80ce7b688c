// @ts-check
/** What the page runs once GraphiQL is there: the bar above it, and GraphiQL with a tab for each question. */
import { Bar } from "./bar.js";
import { Explorer } from "./explorer.js";
import { firstValues } from "./firstValues.js";
import { product } from "./product.js";

const { createElement, useCallback, useEffect, useMemo, useState } = React;
// Beside the page, so that a proxy may serve both under a prefix.
const endpoint = new URL("graphql", window.location.href).href;

/** @param {string} token */
function fetcherWith(token) {
  return GraphiQL.createFetcher({ url: endpoint, headers: token === "" ? {} : { authorization: `Bearer ${token}` } });
}

/**
 * @param {string} query
 * @param {string} token
 * @returns {Promise<Answer>}
 */
async function ask(query, token) {
  try {
    const headers = {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { data } = await response.json();
    return { isRefused: response.status === 401, data: data ?? null };
  } catch {
    return { isRefused: false, data: null };
  }
}

function Page() {
  const [token, setToken] = useState("");
  const [about, setAbout] = useState(/** @type {Answer | null} */ (null));
  const [values, setValues] = useState(/** @type {Record<string, unknown> | null} */ (null));
  const look = useCallback(async () => {
    const answer = await ask(product.aboutQuery, token);
    setAbout(answer);
    // Nobody reads a site for the page of somebody who may not ask.
    const found = answer.isRefused ? null : await ask(product.valuesQuery, token);
    setValues(firstValues(product.values, found?.data ?? null));
  }, [token]);
  useEffect(() => {
    void look();
    return undefined;
  }, [look]);
  const fetcher = useMemo(() => fetcherWith(token), [token]);
  return createElement(
    "div",
    { className: "page" },
    createElement(Bar, { title: product.title, version: product.version, about, onToken: setToken }),
    // Its first tabs have values of the sites in them, so it is made once these are there, and anew when the page has a token at last.
    createElement(
      "main",
      { className: "page-main" },
      values === null
        ? createElement("p", { className: "page-waiting", role: "status" }, "Asking the sites …")
        : createElement(Explorer, { key: `explorer ${token === ""}`, fetcher, values }),
    ),
  );
}

const place = document.getElementById("graphiql");
if (place !== null) ReactDOM.createRoot(place).render(createElement(Page));
