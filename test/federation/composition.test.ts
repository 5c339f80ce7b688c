import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { peopleSdl } from "../../examples/people/startPeople.js";
import { ticketsSdl } from "../../examples/tickets/startTickets.js";
import { composers } from "./composers.js";

const subgraph = (name: string, sdl: string) => ({ name, sdl, url: `http://${name}.internal/graphql` });
const ours = readFileSync("schema.graphql", "utf8");
const neighbours = [subgraph("people", peopleSdl), subgraph("tickets", ticketsSdl)];

describe.each(Object.entries(composers))("%s", (_name, compose) => {
  it("composes this subgraph, people and tickets without a hint", () => {
    const { errors, hints, fieldsOf } = compose([subgraph("confluence", ours), ...neighbours]);
    expect({ errors, hints }).toEqual({ errors: [], hints: [] });
    expect(fieldsOf("Account")).toEqual(expect.arrayContaining(["displayName", "employee", "accessRequests"]));
    expect(fieldsOf("Query")).toEqual(expect.arrayContaining(["spaces", "employees", "accessRequests"]));
  });

  it("finds what does not fit, so that it can fail", () => {
    const { errors } = compose([subgraph("confluence", ours), subgraph("other", "type Query { accounts: [String] }")]);
    expect(errors.length).toBeGreaterThan(0);
  });
});
