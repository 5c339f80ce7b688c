import type { TestProject } from "vitest/node";
import { describedApis, isThere } from "../sandbox/openapi/documents.js";

/** Ends a run whose comparisons with Atlassian's documents were skipped with how much of the sandbox nobody compared. */
export default function setup({ vitest }: TestProject): () => void {
  return () => {
    const isCompared = vitest.state.getTestModules().some(({ moduleId }) => moduleId.includes("/sandbox/openapi/"));
    const absent = describedApis.filter(({ documents }) => !isThere(...documents));
    if (!isCompared || absent.length === 0) return;
    const all = describedApis.flatMap(({ routes }) => routes).length;
    const count = absent.flatMap(({ routes }) => routes).length;
    const names = absent.map(({ name, routes }) => `${name} ${routes.length}`).join(", ");
    process.stdout.write(
      `Not compared with Atlassian's OpenAPI documents: ${count} of ${all} routes of the sandbox (${names}). OPENAPI_DOCUMENTS names the folder of the documents.\n`,
    );
  };
}
