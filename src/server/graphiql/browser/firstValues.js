// @ts-check
/**
 * The values that stand at some paths of an answer. A path names fields, with dots; `*` stands for each item of a list, and the
 * first one that leads to a value counts. What is not there is left out.
 * @param {Readonly<Record<string, string>>} paths
 * @param {unknown} data
 * @returns {Record<string, unknown>}
 */
export function firstValues(paths, data) {
  const found = Object.entries(paths).map(
    ([name, path]) => /** @type {const} */ ([name, firstAt(data, path.split("."))]),
  );
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/**
 * @param {unknown} value
 * @param {readonly string[]} path
 * @returns {unknown}
 */
function firstAt(value, [step, ...rest]) {
  if (value === null || value === undefined) return undefined;
  if (step === undefined) return value;
  if (step === "*") {
    if (!Array.isArray(value)) return undefined;
    for (const item of value) {
      const found = firstAt(item, rest);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return firstAt(/** @type {Record<string, unknown>} */ (value)[step], rest);
}

/**
 * The variables of an example as the text of an editor, with values of the sites where there are any.
 * @param {Readonly<Record<string, unknown>> | undefined} variables
 * @param {Readonly<Record<string, unknown>>} values
 * @returns {string | undefined}
 */
export function filledVariables(variables, values) {
  if (variables === undefined) return undefined;
  return JSON.stringify(variables, (_name, value) => valueFor(value, values), 2);
}

/**
 * @param {unknown} value
 * @param {Readonly<Record<string, unknown>>} values
 */
function valueFor(value, values) {
  if (typeof value !== "string" || !value.startsWith("$")) return value;
  return values[value.slice(1)] ?? "";
}
