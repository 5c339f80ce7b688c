import { createHash } from "node:crypto";
import { parseSync } from "vite";

/**
 * Mutants of one file, in the order of their places: `{ file, start, end, line, operator, text }`, where `text` is to stand in place of
 * what is between `start` and `end`. Every one is an expression, so that all of a file can stand in it together, each behind a
 * question which one is on.
 */
export function mutantsOf(file, source) {
  const { program } = parseSync(file, source);
  const found = [];
  const code = ({ start, end }) => source.slice(start, end);
  const add = (node, operator, text) => {
    const line = source.slice(0, node.start).split("\n").length;
    found.push({ file, start: node.start, end: node.end, line, operator, text });
  };

  const operators = {
    LogicalExpression(node) {
      const [left, right] = [code(node.left), code(node.right)];
      if (node.operator === "??") add(node, "no default", `(${left})`);
      else add(node, "and / or", `(${left}) ${node.operator === "&&" ? "||" : "&&"} (${right})`);
    },
    BinaryExpression(node) {
      const other = { "===": "!==", "!==": "===", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+" };
      const operator = other[node.operator];
      if (operator === undefined || /["'`]/.test(code(node))) {
        if (node.operator !== "===" && node.operator !== "!==") return;
      }
      add(node, `${node.operator} / ${operator}`, `(${code(node.left)}) ${operator} (${code(node.right)})`);
    },
    UnaryExpression(node) {
      if (node.operator === "!") add(node, "no !", code(node.argument));
    },
    IfStatement(node) {
      add(node.test, "branch never taken", "false");
    },
    ConditionalExpression(node) {
      add(node.test, "other branch", `!(${code(node.test)})`);
    },
    CallExpression(node) {
      const { callee } = node;
      if (callee.type !== "MemberExpression" || callee.computed || callee.optional) return;
      const name = callee.property.name;
      const object = code(callee.object);
      const rest = source.slice(callee.property.end, node.end);
      if (["filter", "sort", "toSorted"].includes(name)) add(node, `no ${name}`, object);
      if (name === "some" || name === "every")
        add(node, "some / every", `${object}.${name === "some" ? "every" : "some"}${rest}`);
      if (object === "Math" && (name === "min" || name === "max"))
        add(node, "min / max", `Math.${name === "min" ? "max" : "min"}${rest}`);
      if (name === "toLowerCase") add(node, "case kept", object);
    },
    ReturnStatement(node) {
      if (node.argument?.type === "ArrayExpression" && node.argument.elements.length > 0)
        add(node.argument, "nothing", "[]");
    },
    Property(node, parent) {
      if (parent.type !== "ObjectExpression" || node.shorthand || node.method) return;
      const name = node.key.name ?? node.key.value;
      if (name === "gaps" || name === "assumptions") {
        if (code(node.value) !== "[]") add(node.value, `no ${name}`, "[]");
      }
      if (name === "asOfMs") add(node.value, "age forgotten", "Number.MAX_SAFE_INTEGER");
    },
    SpreadElement(node, parent) {
      if (parent.type === "ArrayExpression" && parent.elements.length > 1) add(node.argument, "part left out", "[]");
    },
    TemplateLiteral(node) {
      for (const { at, length, is, operator } of luaMutants(node, source)) {
        const whole = source.slice(node.start, at) + is + source.slice(at + length, node.end);
        const line = source.slice(0, at).split("\n").length;
        const shown = lineAround(source, at, length, is);
        found.push({ file, start: node.start, end: node.end, line, operator, text: whole, shown, isAtLoad: true });
      }
    },
    Literal(node, parent) {
      if (parent.type.startsWith("TS") || parent.type === "ImportDeclaration") return;
      if (typeof node.value === "boolean") add(node, "true / false", String(!node.value));
      if (typeof node.value === "number") add(node, "one more", `${node.value} + 1`);
    },
  };

  function walk(node, parent) {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) {
      for (const each of node) walk(each, parent);
      return;
    }
    if (typeof node.type !== "string") return;
    // Types and decorators say nothing about what happens; a chain of `?.` cannot be taken apart.
    if (/^TS(Type|Interface|Enum|Union|Literal|Array|Tuple|Function)/.test(node.type) || node.type === "Decorator")
      return;
    if (node.type === "ChainExpression") return;
    operators[node.type]?.(node, parent);
    for (const [key, value] of Object.entries(node)) if (key !== "type" && key !== "typeAnnotation") walk(value, node);
  }

  walk(program, null);
  return found;
}

/** What stands for what in Lua: operators with blanks around them, so that nothing in a text is taken for one. */
const luaOperators = [
  ["==", "~="],
  ["~=", "=="],
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["+", "-"],
  ["-", "+"],
  ["and", "or"],
  ["or", "and"],
  ["true", "false"],
  ["false", "true"],
].map(([was, is]) => ({ was, is, pattern: new RegExp(`(?<= )${was.replace("+", "\\+")}(?=[ \n])`, "g") }));
luaOperators.push(
  { was: "math.min", is: "math.max", pattern: /\bmath\.min\b/g },
  { was: "math.max", is: "math.min", pattern: /\bmath\.max\b/g },
  { was: "not", is: "", pattern: /\bnot (?!exists)/g },
);

/** The places of a function of the engine, which is a text here, comments left out. */
function luaMutants({ quasis }, source) {
  const isLua = quasis.some(({ value }) => /redis\.p?call|^\s*local /.test(value.raw));
  if (!isLua) return [];
  return quasis.flatMap(({ start, end }) => {
    const text = source.slice(start, end);
    return luaOperators.flatMap(({ was, is, pattern }) =>
      [...text.matchAll(pattern)]
        .filter(({ index }) => !text.slice(text.lastIndexOf("\n", index) + 1, index).includes("--"))
        .map(({ index, 0: { length } }) => ({
          at: start + index,
          length,
          is,
          operator: `lua ${was} / ${is || "nothing"}`,
        })),
    );
  });
}

function lineAround(source, at, length, is) {
  const end = source.indexOf("\n", at);
  const before = source.slice(source.lastIndexOf("\n", at) + 1, at).trimStart();
  return `${before}»${is}«${source.slice(at + length, end).trimEnd()}`;
}

/** `count` of them, spread over the files and the same for the same seed. */
export function sample(mutants, count, seed) {
  const rank = ({ file, start, operator, text }) =>
    createHash("sha256")
      .update(JSON.stringify([seed, file, start, operator, text]))
      .digest("hex");
  const byFile = Map.groupBy?.(mutants, ({ file }) => file) ?? groupByFile(mutants);
  const queues = [...byFile.values()].map((own) =>
    own
      .map((each) => [rank(each), each])
      .sort()
      .map(([, each]) => each),
  );
  const chosen = [];
  for (let round = 0; chosen.length < count && round < mutants.length; round += 1) {
    for (const queue of queues) if (queue[round] !== undefined && chosen.length < count) chosen.push(queue[round]);
  }
  return chosen;
}

function groupByFile(mutants) {
  const groups = new Map();
  for (const mutant of mutants) groups.set(mutant.file, [...(groups.get(mutant.file) ?? []), mutant]);
  return groups;
}

/** The file with all its mutants in it, each asleep until `__mutant(number)` is true. */
export function withMutants(source, mutants) {
  const insertions = mutants.flatMap(({ number, start, end, text }) => [
    // Of two that begin together the longer one stands outside, and of two that end together it ends last.
    { at: start, rank: [1, -end], text: `(__mutant(${number}) ? (${text}) : (` },
    { at: end, rank: [0, -start], text: "))" },
  ]);
  insertions.sort((one, other) => one.at - other.at || one.rank[0] - other.rank[0] || one.rank[1] - other.rank[1]);
  let result = "";
  let from = 0;
  for (const { at, text } of insertions) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}
