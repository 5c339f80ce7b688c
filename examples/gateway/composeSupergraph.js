// @ts-check
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

/** @typedef {{ name: string, url: string, sdl: string }} PublishedSubgraph */

/**
 * One supergraph of several subgraphs, or every reason why there is none.
 *
 * @param {readonly PublishedSubgraph[]} subgraphs
 */
export function composeSupergraph(subgraphs) {
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error((errors ?? []).map(({ message }) => message).join("\n"));
  return supergraphSdl;
}

/**
 * What a running subgraph publishes.
 *
 * @param {string} name
 * @param {string} url
 * @param {string | undefined} [token] what it asks its callers for
 * @returns {Promise<PublishedSubgraph>}
 */
export async function readSubgraph(name, url, token) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query: "{ _service { sdl } }" }),
  });
  const { data, errors } = await response.json();
  if (!data) throw new Error(`${name} at ${url} does not say its schema: ${JSON.stringify(errors)}`);
  return { name, url, sdl: data._service.sdl };
}
