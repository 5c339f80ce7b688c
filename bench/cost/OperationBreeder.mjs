import { getNamedType, isAbstractType, isInputObjectType, isLeafType, isNonNullType } from "graphql";

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** How an operation is made: all of it follows from these numbers and its seed. */
const genes = {
  rootAliases: [1, 2, 5, 20, 80, 240],
  fieldAliases: [1, 1, 2, 5, 20, 100, 300],
  fields: [1, 3, 8, 40],
  depth: [1, 2, 3, 4, 5],
  first: [1, 10, 100, 1_000],
  references: [100, 1_000, 10_000],
  badReferences: [0, 0, 0.5, 1],
};

/** Makes read operations out of a schema; what was judged well is made again with one thing changed, more often than anew. */
export class OperationBreeder {
  #best = [];
  constructor(schema, seed, words) {
    this.schema = schema;
    this.words = words;
    this.random = randomOf(seed);
    this.roots = Object.keys(schema.getQueryType().getFields()).filter((name) => !name.startsWith("_service"));
  }

  next() {
    const parent = this.random() < 0.6 ? this.#pick(this.#best.slice(0, 12)) : undefined;
    const made = parent === undefined ? this.#fresh() : this.#varied(parent.operation.genes);
    return { ...this.#write(made), genes: made };
  }

  judge(operation, score, isTooExpensive) {
    // What was refused may be let through when it is made smaller.
    if (isTooExpensive && this.random() < 0.3) this.#best.push({ operation, score: 0.5 });
    else if (score > 0) this.#best.push({ operation, score });
    this.#best.sort((left, right) => right.score - left.score);
    this.#best.length = Math.min(this.#best.length, 60);
  }

  #pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  #fresh() {
    const chosen = Object.fromEntries(Object.entries(genes).map(([name, from]) => [name, this.#pick(from)]));
    return { ...chosen, root: this.#pick(this.roots), seed: Math.floor(this.random() * 1e9) };
  }

  #varied(parent) {
    const child = { ...parent };
    const name = this.#pick([...Object.keys(genes), "seed", "seed", "root"]);
    if (name === "seed") child.seed = Math.floor(this.random() * 1e9);
    else if (name === "root") child.root = this.#pick(this.roots);
    else child[name] = this.#pick(genes[name]);
    return child;
  }

  #write(made) {
    const random = randomOf(made.seed);
    const pick = (list) => list[Math.floor(random() * list.length)];
    const variables = {};
    const types = [];
    const fragments = [];
    // Fields that may still be written: a document has a bound, and branches multiply.
    let left = 1_500;
    const argumentText = (arg) => {
      const type = getNamedType(arg.type);
      if (arg.name === "first") return String(made.first);
      if (arg.name === "wait") return "30";
      if (arg.name === "representations") {
        variables.r = Array.from({ length: made.references }, (_, at) =>
          this.#reference(random, made.badReferences, at),
        );
        types.push("$r: [_Any!]!");
        return "$r";
      }
      if (arg.name === "accounts") return JSON.stringify(this.words.Account.slice(0, 10));
      if (arg.name === "inputs") {
        variables.i = Array.from({ length: 500 }, () => ({
          account: pick(this.words.Account),
          space: pick(this.words.Space),
          permission: { operation: "create", target: "page" },
        }));
        types.push("$i: [CheckAccessInput!]!");
        return "$i";
      }
      if (arg.name === "input") {
        return `{ account: ${JSON.stringify(pick(this.words.Account))}, space: ${JSON.stringify(pick(this.words.Space))}, permission: { operation: "read", target: "space" } }`;
      }
      if (arg.name === "id") return null;
      if (arg.name === "key") return JSON.stringify(pick(this.words.keys));
      if (arg.name === "includeInherited") return random() < 0.5 ? "true" : "false";
      if (arg.name === "text" && random() < 0.2) return '"1"';
      if (isNonNullType(arg.type) && !isLeafType(type) && isInputObjectType(type)) return null;
      return null;
    };
    const argumentsOf = (field, typeName) => {
      const given = [];
      for (const arg of field.args) {
        let text = argumentText(arg);
        if (arg.name === "id" && this.words[getNamedType(field.type).name])
          text = JSON.stringify(pick(this.words[getNamedType(field.type).name]));
        if (arg.name === "key" && typeName !== "Query") text = null;
        if (["key", "siteId"].includes(arg.name) && field.args.some(({ name }) => name === "id")) text = null;
        if (text === null && isNonNullType(arg.type) && arg.defaultValue === undefined) return null;
        if (text !== null) given.push(`${arg.name}: ${text}`);
      }
      return given.length === 0 ? "" : `(${given.join(", ")})`;
    };
    const selection = (type, depth) => {
      if (left <= 0) return "{ __typename }";
      if (isAbstractType(type)) {
        const parts = this.schema.getPossibleTypes(type).map((each) => `... on ${each.name} ${selection(each, depth)}`);
        return `{ __typename ${parts.join(" ")} }`;
      }
      const fields = Object.values(type.getFields());
      const isConnection = /Connection$/.test(type.name);
      const leaves = fields.filter(
        (field) =>
          isLeafType(getNamedType(field.type)) &&
          field.args.every(({ type: wanted, defaultValue }) => !isNonNullType(wanted) || defaultValue !== undefined),
      );
      const objects = depth <= 0 ? [] : fields.filter((field) => !isLeafType(getNamedType(field.type)));
      const chosen = [];
      for (let at = 0; at < made.fields; at += 1) {
        const field = random() < 0.5 && objects.length > 0 ? pick(objects) : pick(leaves);
        if (field) chosen.push(field);
      }
      if (isConnection) chosen.push(...fields.filter(({ name }) => name === (random() < 0.5 ? "nodes" : "edges")));
      if (/Edge$/.test(type.name) && depth > 0) chosen.push(type.getFields().node);
      const parts = ["__typename"];
      for (const [at, field] of [...new Set(chosen)].entries()) {
        const args = argumentsOf(field, type.name);
        if (args === null || left <= 0) continue;
        left -= 1;
        const named = getNamedType(field.type);
        const repeat = at < 2 && random() < 0.5 ? made.fieldAliases : 1;
        const inner = isLeafType(named)
          ? ""
          : ` ${selection(named, isConnection || /Edge$/.test(type.name) ? depth : depth - 1)}`;
        const below = inner.length > 200 && repeat > 1 ? spread(named, inner) : inner;
        for (let copy = 0; copy < repeat && left > -3_000; copy += 1, left -= below.length > 200 ? 4 : 1)
          parts.push(`${repeat > 1 ? `x${copy}_${field.name}: ` : ""}${field.name}${args}${below}`);
        if (parts.length > 400) break;
      }
      return `{ ${parts.join(" ")} }`;
    };
    const spread = (type, inner) => {
      const name = `f${fragments.length}`;
      fragments.push(`fragment ${name} on ${type.name} ${inner}`);
      return ` { ...${name} }`;
    };
    const field = this.schema.getQueryType().getFields()[made.root];
    const args = argumentsOf(field, "Query");
    const named = getNamedType(field.type);
    if (args === null || isLeafType(named)) return { query: "{ __typename }", variables };
    const body = selection(named, made.depth);
    const below = made.rootAliases > 1 ? spread(named, body) : ` ${body}`;
    const roots = Array.from({ length: made.rootAliases }, (_, at) => `r${at}: ${made.root}${args}${below}`);
    const head = types.length === 0 ? "query" : `query (${[...new Set(types)].join(", ")})`;
    return { query: `${head} { ${roots.join(" ")} } ${fragments.join(" ")}`, variables };
  }

  #reference(random, bad, at) {
    if (random() < bad) return { __typename: at % 2 === 0 ? "Account" : "Nobody", id: `bad-${at}` };
    const type = ["Account", "Group", "Space", "Grant"][Math.floor(random() * 4)];
    const ids = this.words[type];
    return { __typename: type, id: ids[at % ids.length] };
  }
}
