// @ts-check
/** What stands above GraphiQL: which server this is, which sites, and who asks. */
const { createElement, useState } = React;

/** @param {{ title: string, version: string, about: Answer | null, onToken: (token: string) => void }} properties */
export function Bar({ title, version, about, onToken }) {
  return createElement(
    "header",
    { className: "bar" },
    createElement("h1", null, title, createElement("small", null, version)),
    createElement(Sites, { about }),
    createElement(TokenForm, { isWanted: about?.isRefused ?? false, onToken }),
  );
}

/** @param {{ about: Answer | null }} properties */
function Sites({ about }) {
  if (about === null) return createElement("p", { className: "bar-sites" });
  if (about.isRefused) {
    return createElement(
      "p",
      { className: "bar-sites bar-warning", role: "status" },
      "This server asks who you are: enter a token.",
    );
  }
  const sites = about.data?.sites;
  if (!Array.isArray(sites)) {
    return createElement(
      "p",
      { className: "bar-sites bar-warning", role: "status" },
      "The server does not say which sites it has.",
    );
  }
  return createElement("ul", { className: "bar-sites", "aria-label": "Sites" }, ...sites.map(siteItem));
}

/** @param {{ siteId: string, name: string | null, url: string, isSandbox: boolean, isProvisioningOn: boolean }} site */
function siteItem({ siteId, name, url, isSandbox, isProvisioningOn }) {
  return createElement(
    "li",
    { key: siteId, title: url },
    createElement("span", null, name ?? siteId),
    createElement("em", { className: isSandbox ? "is-sandbox" : "is-real" }, isSandbox ? "sandbox" : new URL(url).host),
    createElement(
      "em",
      { className: isProvisioningOn ? "is-writable" : "" },
      isProvisioningOn ? "changes on" : "read only",
    ),
  );
}

/**
 * The token stays in memory: nothing of it is stored.
 * @param {{ isWanted: boolean, onToken: (token: string) => void }} properties
 */
function TokenForm({ isWanted, onToken }) {
  const [text, setText] = useState("");
  const use = (/** @type {Event} */ event) => {
    event.preventDefault();
    onToken(text.trim().replace(/^Bearer\s+/i, ""));
  };
  return createElement(
    "form",
    { className: isWanted ? "bar-token is-wanted" : "bar-token", onSubmit: use },
    createElement("label", { htmlFor: "token" }, "Token"),
    createElement("input", {
      id: "token",
      type: "password",
      autoComplete: "off",
      placeholder: isWanted ? "needed here" : "none needed",
      value: text,
      onChange: (/** @type {{ target: { value: string } }} */ { target }) => setText(target.value),
    }),
    createElement("button", { type: "submit" }, "Use"),
  );
}
