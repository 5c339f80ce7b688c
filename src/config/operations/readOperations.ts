import { readFileSync } from "node:fs";
import { codeOfSystem } from "../Config.js";
import { faultOf, type ReadSettings } from "../settings/readSettings.js";
import { type OperationsFile, operationsFromText } from "./operationsFromText.js";

const example = '{ "9f86d081": "query Spaces { spaces { nodes { key } } }" }';

/** The operations of the file that a setting names; what is wrong with it is added to the faults. */
export function readOperations({ values, faults }: ReadSettings): OperationsFile | null {
  const path = values.OPERATIONS_FILE;
  if (path === undefined) return null;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    faults.push(faultOf("OPERATIONS_FILE", `names a file that cannot be read${codeOfSystem(error)}`));
    return null;
  }
  const operations = operationsFromText(text, (where, problem) => {
    const variable = where === "" ? "OPERATIONS_FILE" : `OPERATIONS_FILE ${where}`;
    faults.push({ ...faultOf("OPERATIONS_FILE", problem), variable, example });
  });
  return operations === null ? null : { path, text, operations };
}
