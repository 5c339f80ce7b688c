import { Refusal } from "../../http/service.js";
import type { WorldAccount } from "../../world/World.js";

/** Whether an account matches a query. */
export type AccountPredicate = (account: WorldAccount) => boolean;

interface Token {
  readonly kind: "word" | "text" | "sign" | "end";
  readonly value: string;
}

/**
 * The part of CQL that user search takes: `type=user`, `user`, `user.accountid`, `user.userkey` with `=`, `!=`, `in`, `not in`,
 * and `user.fullname` with `~`, joined by `and`, `or`, `not` and brackets. Anything else is a 400.
 */
export function parseUserCql(cql: string): AccountPredicate {
  const parser = new UserCqlParser(tokens(cql), cql);
  return parser.parse();
}

function tokens(cql: string): readonly Token[] {
  const found: Token[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|!~|[=~(),])|([^\s=~!(),"']+))\s*/y;
  while (pattern.lastIndex < cql.length) {
    const match = pattern.exec(cql);
    if (match === null) throw unparsable(cql);
    const [, double, single, sign, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) found.push({ kind: "text", value: quoted.replace(/\\(.)/g, "$1") });
    else if (sign !== undefined) found.push({ kind: "sign", value: sign });
    else found.push({ kind: "word", value: word ?? "" });
  }
  return found;
}

function unparsable(cql: string): Refusal {
  return new Refusal(400, `Could not parse cql : ${cql}`);
}

class UserCqlParser {
  #at = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly cql: string,
  ) {}

  parse(): AccountPredicate {
    const predicate = this.#either();
    if (this.#next.kind !== "end") throw unparsable(this.cql);
    return predicate;
  }

  get #next(): Token {
    return this.tokens[this.#at] ?? { kind: "end", value: "" };
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const isThere = this.#next.kind === "word" && this.#next.value.toLowerCase() === word;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #takeSign(sign: string): boolean {
    const isThere = this.#next.kind === "sign" && this.#next.value === sign;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #either(): AccountPredicate {
    const parts = [this.#both()];
    while (this.#takeWord("or")) parts.push(this.#both());
    return parts.length === 1 ? (parts[0] ?? never) : (account) => parts.some((part) => part(account));
  }

  #both(): AccountPredicate {
    const parts = [this.#clause()];
    while (this.#takeWord("and")) parts.push(this.#clause());
    return parts.length === 1 ? (parts[0] ?? never) : (account) => parts.every((part) => part(account));
  }

  #clause(): AccountPredicate {
    if (this.#takeWord("not")) {
      const inner = this.#clause();
      return (account) => !inner(account);
    }
    if (this.#takeSign("(")) {
      const inner = this.#either();
      if (!this.#takeSign(")")) throw unparsable(this.cql);
      return inner;
    }
    const field = this.#take();
    if (field.kind !== "word") throw unparsable(this.cql);
    return this.#comparison(field.value.toLowerCase());
  }

  #comparison(field: string): AccountPredicate {
    const isNegated = this.#takeWord("not");
    if (this.#takeWord("in")) return this.#membership(field, this.#list(), isNegated);
    const sign = this.#take();
    if (isNegated || sign.kind !== "sign") throw unparsable(this.cql);
    const value = this.#value();
    if (sign.value === "=" || sign.value === "!=") return this.#membership(field, [value], sign.value === "!=");
    if (field !== "user.fullname" || (sign.value !== "~" && sign.value !== "!~")) throw unparsable(this.cql);
    const wanted = value.toLowerCase().replace(/\*+$/, "");
    const isName: AccountPredicate = ({ displayName }) => isStartOfName(displayName.toLowerCase(), wanted);
    return sign.value === "~" ? isName : (account) => !isName(account);
  }

  #membership(field: string, values: readonly string[], isNegated: boolean): AccountPredicate {
    const wanted = new Set(values);
    if (field === "type") {
      if (isNegated || values.some((value) => value !== "user")) throw unparsable(this.cql);
      return () => true;
    }
    if (field === "user" || field === "user.accountid") return ({ accountId }) => wanted.has(accountId) !== isNegated;
    // Cloud has no user keys any more.
    if (field === "user.userkey") return () => isNegated;
    throw unparsable(this.cql);
  }

  #list(): readonly string[] {
    if (!this.#takeSign("(")) throw unparsable(this.cql);
    const values = [this.#value()];
    while (this.#takeSign(",")) values.push(this.#value());
    if (!this.#takeSign(")")) throw unparsable(this.cql);
    return values;
  }

  #value(): string {
    const token = this.#take();
    if (token.kind !== "text" && token.kind !== "word") throw unparsable(this.cql);
    return token.value;
  }
}

const never: AccountPredicate = () => false;

function isStartOfName(name: string, wanted: string): boolean {
  return name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted));
}
