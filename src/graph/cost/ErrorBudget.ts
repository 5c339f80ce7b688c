import {
  type FieldNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  getLocation,
} from "graphql";
import { SiteError } from "../../domain/SiteError.js";
import { upstreamCodes } from "../errors/errorCodes.js";

/**
 * Errors that are told one by one: of one field of the document, and of an operation. Each takes some hundred microseconds to make, for
 * its stack and its place in the document.
 */
const told = { ofField: 100, ofOperation: 200 } as const;
/** Fields whose errors were counted that are named; the others are counted together. */
const maxNotes = 20;

interface Untold {
  readonly node: FieldNode | undefined;
  readonly code: string;
  readonly path: readonly (string | number)[];
  more: number;
}

/**
 * How many errors an operation is answered with. What fails for one row of a list fails for all of them, and a thousand aliases make
 * a million errors of that, each with a stack and a place: beyond some, they are counted.
 */
export class ErrorBudget {
  /** `null` until there are any, which most operations never see, and so below. */
  #ofField: Map<FieldNode | undefined, number> | null = null;
  #untold: Map<FieldNode | undefined, Map<string, Untold>> | null = null;
  #ofOperation = 0;

  /** Whether an error at a place is told; if not it is counted, and the place is null without one of its own. */
  tells(error: unknown, { fieldNodes, path }: Pick<GraphQLResolveInfo, "fieldNodes" | "path">): boolean {
    const [node] = fieldNodes;
    this.#ofField ??= new Map();
    const before = this.#ofField.get(node) ?? 0;
    if (before < told.ofField && this.#ofOperation < told.ofOperation) {
      this.#ofField.set(node, before + 1);
      this.#ofOperation += 1;
      return true;
    }
    const code = codeOf(error);
    this.#untold ??= new Map();
    const ofNode = this.#untold.get(node) ?? new Map<string, Untold>();
    this.#untold.set(node, ofNode);
    const same = ofNode.get(code);
    if (same === undefined) ofNode.set(code, { node, code, path: stepsOf(path), more: 1 });
    else same.more += 1;
    return false;
  }

  /** What stands for the errors that were counted. */
  notes(): GraphQLFormattedError[] {
    if (this.#untold === null) return [];
    const untold = [...this.#untold.values()].flatMap((ofNode) => [...ofNode.values()]);
    const notes = untold.slice(0, maxNotes).map(({ node, code, path, more }) => ({
      message: `${more} more errors of this field are not told one by one: from here on it is null where it could not be answered.`,
      ...locationsOf(node),
      path,
      extensions: { code, more },
    }));
    const more = untold.slice(maxNotes).reduce((sum, each) => sum + each.more, 0);
    if (more === 0) return notes;
    const [first] = untold.slice(maxNotes);
    const message = `${more} more errors of other fields are not told: ask for fewer things at once.`;
    return [...notes, { message, extensions: { code: first?.code ?? "INTERNAL", more } }];
  }
}

function codeOf(error: unknown): string {
  if (error instanceof SiteError) return upstreamCodes[error.kind];
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return typeof code === "string" ? code : "INTERNAL";
}

function stepsOf(path: GraphQLResolveInfo["path"]): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let step: GraphQLResolveInfo["path"] | undefined = path; step !== undefined; step = step.prev) {
    steps.push(step.key);
  }
  return steps.reverse();
}

function locationsOf(node: FieldNode | undefined): Pick<GraphQLFormattedError, "locations"> {
  if (node?.loc === undefined) return {};
  const { line, column } = getLocation(node.loc.source, node.loc.start);
  return { locations: [{ line, column }] };
}
