import { describe, expect, it } from "vitest";
import { describedApis, isThere, whySkipped } from "./documents.js";
import { OpenApiDocument } from "./OpenApiDocument.js";

describe.each(describedApis)("the routes of $name", ({ routes, documents, undocumented }) => {
  it("are all in Atlassian's documents, but for those that are listed with a reason", ({ skip }) => {
    skip(!isThere(...documents), whySkipped);
    const read = documents.map(({ file, prefix }) => new OpenApiDocument(file, prefix, []));
    const missing = routes.filter((route) => !read.some((document) => document.has(route)));
    expect(missing.sort()).toEqual(Object.keys(undocumented).sort());
  });
});
