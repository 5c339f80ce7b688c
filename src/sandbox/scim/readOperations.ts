import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import { schemas } from "./schemas.js";

/** One operation of a PATCH. */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string | undefined;
  readonly value: unknown;
}

/** Reads the operations. The document calls the list `operations`, its examples and the standard `Operations`: both do. */
export function readOperations(body: unknown): readonly PatchOperation[] {
  const list = isObject(body) ? (body.Operations ?? body.operations) : undefined;
  if (!isObject(body) || !Array.isArray(list) || list.length === 0) {
    throw new Refusal(400, "Operations must be a list of at least one operation.", "invalidSyntax");
  }
  if (!Array.isArray(body.schemas) || !body.schemas.includes(schemas.patch)) {
    throw new Refusal(400, `schemas must name ${schemas.patch}.`, "invalidSyntax");
  }
  return list.map((each: unknown) => {
    const { op, path, value } = isObject(each) ? each : {};
    const name = typeof op === "string" ? op.toLowerCase() : "";
    if (name !== "add" && name !== "replace" && name !== "remove") {
      throw new Refusal(400, "op must be add, replace or remove.", "invalidSyntax");
    }
    if (path !== undefined && typeof path !== "string") throw new Refusal(400, "path must be a text.", "invalidPath");
    if (path === undefined && name === "remove") throw new Refusal(400, "remove needs a path.", "noTarget");
    return { op: name, path, value };
  });
}
