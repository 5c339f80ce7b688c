const times = (count, part) => Array.from({ length: count }, (_, at) => part(at)).join(" ");

/**
 * Operations that once took long, or may: asked before any that are bred, so that every run looks at them.
 *
 * @param words ids that exist, as `OperationBreeder` is given them
 */
export function namedOperations(words) {
  const references = (count, bad) =>
    Array.from({ length: count }, (_, at) =>
      at % 100 < bad * 100
        ? { __typename: at % 2 === 0 ? "Account" : "Nobody", id: `bad-${at}` }
        : { __typename: "Account", id: words.Account[at % words.Account.length] },
    );
  const entities = "query ($r: [_Any!]!) {";
  const plain = "id accountId kind status displayName email";
  const aliasedId = times(300, (at) => `b${at}: id`);
  const deep = "groups { nodes { id name members { nodes { id displayName groups { nodes { id name } } } } } }";
  const space = JSON.stringify(words.Space[0]);
  const questions = Array.from({ length: 500 }, (_, at) => ({
    account: words.Account[at % words.Account.length],
    space: words.Space[at % words.Space.length],
    permission: { operation: "read", target: "space" },
  }));
  const checks = (count, selected) =>
    `query ($c: [CheckAccessInput!]!) { ${times(count, (at) => `a${at}: checkAccesses(inputs: $c) { ${selected} }`)} }`;
  const effective = (count, selected) =>
    `{ space(id: ${space}) { ${times(count, (at) => `a${at}: effectiveAccess(first: 1000) { ${selected} }`)} } }`;
  return [
    [
      "groups of everybody in the classes of an account",
      `{ account(id: ${JSON.stringify(words.Account[0])}) { accessClasses { accessClass { members(wait: 30, first: 100) { edges { cursor node { accessClasses { completeness { isComplete } decision reason } statusSource groups(first: 100) { edges { cursor node { grants(first: 100) { totalCount nodes { irrevocableReason asOf } } memberGroups(first: 100) { totalCount } allMembers(first: 100) { totalCount edges { cursor } } } } nodes { members(first: 100) { totalCount } usage managedBy } } } } unknownCount } id classId } explanation decision } status } }`,
    ],
    [
      "aliases of pages",
      `{ ${times(240, (at) => `a${at}: grants(first: 1000) { nodes { ...f } }`)} } fragment f on Grant { ${aliasedId} }`,
    ],
    ["a page of aliases", `{ grants(first: 1000) { nodes { ${times(240, (at) => `b${at}: id`)} } } }`],
    [
      "aliases of bad references",
      `${entities} ${times(240, (at) => `a${at}: _entities(representations: $r) { __typename }`)} }`,
      { r: references(1_000, 1) },
    ],
    [
      "10,000 bad references",
      `${entities} _entities(representations: $r) { __typename ... on Account { ${plain} } } }`,
      { r: references(10_000, 1) },
    ],
    [
      "10,000 references of 8 fields",
      `${entities} _entities(representations: $r) { __typename ... on Account { ${plain} siteId } } }`,
      { r: references(10_000, 0) },
      true,
    ],
    [
      "aliases of one space",
      `{ ${times(800, (at) => `a${at}: space(id: ${space}) { ...f }`)} } fragment f on Space { id key name kind status createdAt homepageUrl siteId }`,
    ],
    ["aliases within one space", `{ space(id: ${space}) { ${times(3_200, (at) => `a${at}: name`)} } }`],
    [
      "failing identities",
      `{ ${times(240, (at) => `a${at}: identity(email: "nobody${at}@example.com") { email accounts { nodes { id displayName } } }`)} }`,
    ],
    [
      "identities",
      `{ ${times(750, (at) => `a${at}: identity(email: "no address ${at}") { ...f }`)} } fragment f on Identity { email accounts { nodes { id } } }`,
    ],
    [
      "deep accounts, aliased",
      `{ ${times(20, (at) => `a${at}: accounts(first: 100) { nodes { ...f } }`)} } fragment f on Account { id ${deep} }`,
    ],
    ["deep accounts, aliased within", `{ accounts(first: 20) { nodes { ${times(40, (at) => `a${at}: ${deep}`)} } } }`],
    ["deep accounts", `{ accounts(first: 1000) { nodes { id ${deep} } } }`],
    ["groups of accounts", "{ accounts(first: 1000) { nodes { id groups { nodes { id name } } } } }"],
    [
      "grants of accounts",
      "{ accounts(first: 200) { nodes { id grants(first: 20) { nodes { id permissions { operation target } } } } } }",
    ],
    [
      "effective access of accounts",
      "{ accounts(first: 100) { nodes { id effectiveAccess(first: 10) { edges { permission { operation } permissions { operation target } explanation: __typename paths { __typename } node { id } } } } } }",
    ],
    [
      "effective access of spaces",
      "{ spaces(first: 200) { nodes { id effectiveAccess(first: 10) { edges { permission { operation } permissions { operation target } explanation: __typename paths { __typename } node { id } } } } } }",
    ],
    ["holders", "{ spaces(first: 200) { nodes { id holders(first: 20) { nodes { __typename } } } } }"],
    [
      "1,000 grants with everything",
      "{ grants(first: 1000) { totalCount nodes { id siteId kind: __typename isRevocable irrevocableReason asOf permissions { operation target } entitlement { __typename } principal { __typename ... on Account { id displayName email kind status } ... on Group { id name } } } } }",
      {},
      true,
    ],
    ["aliases of checks", checks(15, "decision"), { c: questions }],
    ["as many checks as are let in", checks(60, "decision"), { c: questions }],
    [
      "checks with all that they hold",
      checks(
        20,
        "decision reason asOf paths { __typename } ineffective { __typename } account { id displayName } space { id key name }",
      ),
      { c: questions },
    ],
    [
      "aliases of checks with what explains them",
      checks(10, "decision explanation asOf paths { grants { id } }"),
      { c: questions },
    ],
    ["aliases of checks of names", checks(12, "decision account { displayName } space { key }"), { c: questions }],
    ["aliases of effective access", effective(80, "nodes { id }")],
    ["aliases of effective access, counted", effective(400, "allowedCount")],
    [
      "aliases of effective access with what is held",
      effective(8, "edges { isDirect pathCount permissions { operation } node { displayName } }"),
    ],
    ["all errors of accounts", `{ ${times(400, (at) => `a${at}: account(id: "bad-${at}") { id }`)} }`],
    ["a document of one field", `{ ${times(9_000, () => "__typename")} }`],
    ["a document of equal fields below", `{ ${times(800, () => `space(id: ${space}) { id name }`)} }`],
    [
      "a document of fragments",
      `{ ${times(100, (at) => `...f${at}`)} } ${times(100, (at) => `fragment f${at} on Query { ${times(28, (field) => `x${at}_${field}: __typename`)} }`)}`,
    ],
    [
      "a document of equal fragments",
      `{ ${times(300, (at) => `...f${at}`)} } ${times(300, (at) => `fragment f${at} on Query { ${times(7, (field) => `x${field}: __typename`)} }`)}`,
    ],
    ["a document of unknown fields", `{ ${times(9_000, (at) => `spaec${at}`)} }`],
    ["a document of variables", `query (${times(2_400, (at) => `$v${at}: Int`)}) { __typename }`],
    ["a document of aliases", `{ ${times(3_200, (at) => `x${at}: __typename`)} }`],
    ["a document of levels", `{ sites ${"{ site ".repeat(600)} { id } ${"}".repeat(601)}`],
  ].map(([name, query, variables = {}, isLegitimate = false]) => ({ name, query, variables, isLegitimate }));
}
