import type { FaultBook } from "../faults/FaultBook.js";
import { parseFaults } from "../faults/parseFaults.js";
import type { Journal } from "../http/Journal.js";
import type { Reply } from "../http/Reply.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { World } from "../world/World.js";

/** What the control routes steer. */
export interface ControlParts {
  readonly journal: Journal;
  readonly faults: FaultBook;
  world(): World;
  /** Back to the loaded world, journal and faults cleared. */
  reset(): void;
}

const calls = [
  "GET /__sandbox/journal",
  "DELETE /__sandbox/journal",
  "GET /__sandbox/faults",
  "POST /__sandbox/faults",
  "DELETE /__sandbox/faults",
  "POST /__sandbox/reset",
  "GET /__sandbox/world",
];

/** The control routes: no credential, never in the journal, no faults, no rate. */
export function answerControl(request: SandboxRequest, parts: ControlParts): Reply {
  switch (`${request.method} ${request.path}`) {
    case "GET /__sandbox/journal":
      return { status: 200, body: parts.journal.entries() };
    case "DELETE /__sandbox/journal":
      parts.journal.clear();
      return { status: 204 };
    case "GET /__sandbox/faults":
      return { status: 200, body: parts.faults.list() };
    case "POST /__sandbox/faults":
      return addFaults(request, parts.faults);
    case "DELETE /__sandbox/faults":
      parts.faults.clear();
      return { status: 204 };
    case "POST /__sandbox/reset":
      parts.reset();
      return { status: 204 };
    case "GET /__sandbox/world":
      return { status: 200, body: parts.world() };
    default:
      return { status: 404, body: { message: `There is no ${request.method} ${request.path}.`, calls } };
  }
}

/** Adds to the faults that are there; answers all of them. One bad entry and none is taken. */
function addFaults(request: SandboxRequest, book: FaultBook): Reply {
  const json = parseJson(request.body ?? "");
  const { faults, problems } =
    json === undefined ? { faults: [], problems: ["the body: is not valid JSON"] } : parseFaults(json);
  if (problems.length > 0) return { status: 400, body: { message: "The faults are not valid.", faults: problems } };
  book.add(faults);
  return { status: 200, body: book.list() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
