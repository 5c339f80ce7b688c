import { onTestFinished } from "vitest";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../../sandbox/src/startSandbox.js";
import { fieldOf } from "./fieldOf.js";
import type { Answer } from "./openSandbox.js";
import { readableWorld } from "./readableWorld.js";

/** A sandbox with a Data Center half and a client of its own; it is closed when the test ends. */
export interface OpenDataCenter {
  readonly sandbox: RunningSandbox;
  /** Below the context path, as the administrator, asking for JSON. */
  get(path: string): Promise<Answer>;
  /** The same as somebody who administers nothing. */
  read(path: string): Promise<Answer>;
  /** Below the context path, exactly as given. */
  raw(path: string, init?: RequestInit): Promise<Answer>;
  /** At the root of the address. */
  root(path: string, init?: RequestInit): Promise<Answer>;
  /** Follows `_links.next` below the context path to the end; `name` is the dotted path of what is taken of each row. */
  walk(path: string, name: string): Promise<readonly unknown[]>;
}

/** Starts a sandbox on free ports, over the readable world unless told otherwise. */
export async function openDataCenter(options: Partial<SandboxOptions> = {}): Promise<OpenDataCenter> {
  const sandbox = await startSandbox({ world: readableWorld(), ...options });
  onTestFinished(() => sandbox.close());
  const { dataCenter } = sandbox;
  if (dataCenter === null) throw new Error("the world has no Data Center half");
  const { url, credentials } = dataCenter;

  async function send(address: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(address, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  }

  const asking = (token: string): RequestInit => ({
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
  });
  const get = (path: string): Promise<Answer> => send(`${url}${path}`, asking(credentials.personalAccessToken));
  return {
    sandbox,
    get,
    read: (path) => send(`${url}${path}`, asking(credentials.readerToken)),
    raw: (path, init) => send(`${url}${path}`, init),
    root: (path, init) => send(`${new URL(url).origin}${path}`, init),
    walk: async (path, name) => {
      const found: unknown[] = [];
      for (let next: unknown = path; typeof next === "string"; ) {
        const { status, body } = await get(next);
        if (status !== 200) throw new Error(`${next} answered ${status}`);
        const results = fieldOf(body, "results") as readonly unknown[];
        found.push(...results.map((each) => fieldOf(each, name)));
        next = fieldOf(body, "_links.next");
      }
      return found;
    },
  };
}
