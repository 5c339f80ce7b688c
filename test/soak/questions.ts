import type { Random } from "../../sandbox/src/world/generation/random.js";
import { idsOf } from "../provisioning/ids.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { human } from "../support/worlds.js";
import { compareList } from "./Ledger.js";
import { accessFact, groupId, memberFact, type OwnedFact, type Scene } from "./scene.js";

/** A question whose answer can be compared with the world. */
export interface Question {
  readonly kind: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the answer may depend on of what changes. */
  readonly facts: readonly string[];
  /** What of the answer is not so, by those of the facts that stood still; `null` data was dealt with before. */
  readonly judge: (data: GraphAnswer["data"], still: ReadonlyMap<string, boolean>) => string[];
}

interface ListedAccount {
  readonly accountId: string;
}

interface ListedGrant {
  readonly principal: { readonly accountId?: string; readonly groupId?: string };
  readonly permissions: readonly { readonly operation: string }[] | null;
}

/** The questions of a soak, each made by chance; `kinds` says how often each kind comes. */
export class Questions {
  readonly #scene: Scene;
  readonly #ids: ReturnType<typeof idsOf>;
  readonly #kinds: readonly (readonly [share: number, make: (random: Random) => Question])[];

  constructor(scene: Scene, siteId: string) {
    this.#scene = scene;
    this.#ids = idsOf(siteId);
    this.#kinds = [
      [25, (random) => this.#account(anyOf(scene.accounts, random))],
      [25, (random) => this.#space(anyOf(scene.spaces, random))],
      [20, (random) => this.#group(anyOf(scene.groups, random))],
      [20, (random) => this.#check(anyOf(scene.accounts, random), random)],
      [4, (random) => this.#wholeGraph(random)],
      [3, () => this.#spaces()],
      [3, (random) => this.#reach(anyOf(scene.accounts, random))],
    ];
  }

  next(random: Random): Question {
    let at = random.below(this.#kinds.reduce((sum, [share]) => sum + share, 0));
    for (const [share, make] of this.#kinds) {
      if (at < share) return make(random);
      at -= share;
    }
    throw new Error("No kind of question.");
  }

  #account(number: number): Question {
    const { displayName, accountId } = human(number);
    return {
      kind: "account",
      document: `query Account($id: ID!) { it: account(id: $id) { accountId displayName status groups(first: 100) { nodes { groupId } completeness { isComplete } } } }`,
      variables: { id: this.#ids.account(number) },
      facts: this.#scene.factsAbout(number),
      judge: ({ it }, still) => [
        ...sameText(it.accountId, accountId),
        ...sameText(it.displayName, displayName),
        ...sameText(it.status, "ACTIVE"),
        ...this.#memberships(it.groups, number, still),
      ],
    };
  }

  #memberships(
    list: { nodes: { groupId: string }[] | null; completeness: { isComplete: boolean } } | null,
    number: number,
    still: ReadonlyMap<string, boolean>,
  ) {
    if (list?.nodes == null) return [];
    const { accountId } = human(number);
    const shown = new Set(list.nodes.map((group) => `member ${accountId} ${group.groupId}`));
    const lasting = new Map([[`member ${accountId} ${groupId(this.#scene.homeGroup(number))}`, true]]);
    return compareList(new Map([...only(still, "member"), ...lasting]), shown, list.completeness.isComplete);
  }

  #space(number: number): Question {
    return {
      kind: "space",
      document: `query Space($id: ID!) { it: space(id: $id) { key name grants(first: 500) { nodes { principal { ... on Account { accountId } ... on Group { groupId } } permissions { operation } } completeness { isComplete } } } }`,
      variables: { id: this.#ids.space(number) },
      facts: this.#scene.factsOf.space(number),
      judge: ({ it }, still) => {
        if (it.grants?.nodes == null) return [];
        const rows = (it.grants.nodes as ListedGrant[]).filter(({ permissions }) =>
          permissions?.some(({ operation }) => operation === "read"),
        );
        const shown = new Set(
          rows.map(({ principal: { accountId, groupId } }) =>
            accountId === undefined ? `group ${groupId}` : `access ${accountId} ${1000 + number}`,
          ),
        );
        const lasting = new Map([
          [accessFact(1, number), true],
          [`group ${groupId(this.#scene.groupOf(number))}`, true],
        ]);
        return [
          ...sameText(it.key, `S${number}`),
          ...sameText(it.name, `Space ${number}`),
          ...compareList(new Map([...still, ...lasting]), shown, it.grants.completeness.isComplete),
        ];
      },
    };
  }

  #group(number: number): Question {
    const lasting = this.#scene.accounts
      .filter((account) => this.#scene.homeGroup(account) === number)
      .map((account): [string, boolean] => [memberFact(account, number), true]);
    return {
      kind: "group",
      document: `query Group($id: ID!) { it: group(id: $id) { name members(first: 500) { nodes { accountId } completeness { isComplete } } } }`,
      variables: { id: this.#ids.group(groupId(number)) },
      facts: this.#scene.factsOf.group(number),
      judge: ({ it }, still) => {
        if (it.members?.nodes == null) return [];
        const shown = new Set(
          (it.members.nodes as ListedAccount[]).map(({ accountId }) => `member ${accountId} ${groupId(number)}`),
        );
        return [
          ...sameText(it.name, `Group ${number}`),
          ...compareList(new Map([...still, ...lasting]), shown, it.members.completeness.isComplete),
        ];
      },
    };
  }

  #check(number: number, random: Random): Question {
    const owned = this.#scene.ownedBy(number).filter(({ kind }) => kind === "access");
    const target = random.isLikely(0.7)
      ? anyOf(
          owned.map((each) => each.target),
          random,
        )
      : anyOf(this.#scene.spaces, random);
    const mayRead = this.#wouldRead(number, target);
    return {
      kind: "check",
      document: `query Check($input: CheckAccessInput!) { it: checkAccess(input: $input) { decision } }`,
      variables: {
        input: {
          account: this.#ids.account(number),
          space: this.#ids.space(target),
          permission: { operation: "read", target: "space" },
        },
      },
      facts: this.#scene.factsAbout(number),
      judge: ({ it }, still) => {
        const expected = mayRead(still);
        const isWrong =
          expected !== null && it.decision !== "UNKNOWN" && it.decision !== (expected ? "ALLOWED" : "DENIED");
        return isWrong
          ? [`decides ${it.decision} of account ${number} in space ${target}, where it is ${expected}`]
          : [];
      },
    };
  }

  /** Whether an account reads a space: by its own row, or by a group that has one. `null` where that was changing. */
  #wouldRead(number: number, target: number) {
    const { homeGroup, groupOf, ownedBy } = this.#scene;
    if (homeGroup(number) === groupOf(target)) return () => true;
    const ways = [accessFact(number, target), memberFact(number, groupOf(target))].filter((name) =>
      ownedBy(number).some((owned) => owned.name === name),
    );
    return (still: ReadonlyMap<string, boolean>): boolean | null => {
      const values = ways.map((name) => still.get(name));
      return values.includes(true) ? true : values.includes(undefined) ? null : false;
    };
  }

  /** All grants of one account over the site: its memberships, and its rows in every space. */
  #wholeGraph(random: Random): Question {
    const number = anyOf(this.#scene.accounts, random);
    const { accountId } = human(number);
    return {
      kind: "grants of an account",
      document: `query Grants($id: ID!) { it: account(id: $id) { grants(first: 500) { nodes { resource { __typename ... on Space { spaceId } ... on Group { groupId } } } completeness { isComplete } } } }`,
      variables: { id: this.#ids.account(number) },
      facts: this.#scene.factsAbout(number),
      judge: ({ it }, still) => {
        if (it.grants?.nodes == null) return [];
        const shown = new Set<string>(
          (it.grants.nodes as { resource: { spaceId?: string; groupId?: string } }[]).map(({ resource }) =>
            resource.spaceId === undefined
              ? `member ${accountId} ${resource.groupId}`
              : `access ${accountId} ${resource.spaceId}`,
          ),
        );
        const lasting: [string, boolean][] = [[`member ${accountId} ${groupId(this.#scene.homeGroup(number))}`, true]];
        return compareList(new Map([...still, ...lasting]), shown, it.grants.completeness.isComplete);
      },
    };
  }

  #spaces(): Question {
    const { spaces } = this.#scene;
    return {
      kind: "spaces",
      document: `query Spaces { it: spaces(first: 1000) { totalCount nodes { key } completeness { isComplete } } }`,
      variables: {},
      facts: [],
      judge: ({ it }) => {
        if (it.nodes == null) return [];
        const lasting = new Map(spaces.map((number): [string, boolean] => [`S${number}`, true]));
        const shown = new Set<string>((it.nodes as { key: string }[]).map(({ key }) => key));
        const isCountWrong = it.completeness.isComplete && it.totalCount !== spaces.length;
        return [
          ...compareList(lasting, shown, it.completeness.isComplete),
          ...(isCountWrong ? [`counts ${it.totalCount}`] : []),
        ];
      },
    };
  }

  /** The spaces that an account reaches, by the index of the whole site. */
  #reach(number: number): Question {
    const facts = this.#scene.factsAbout(number);
    return {
      kind: "effective access",
      document: `query Reach($id: ID!) { it: account(id: $id) { effectiveAccess(first: 500) { edges { decision node { spaceId } } completeness { isComplete } } } }`,
      variables: { id: this.#ids.account(number) },
      facts,
      judge: ({ it }, still) => {
        if (it.effectiveAccess?.edges == null) return [];
        const rows = it.effectiveAccess.edges as { decision: string; node: { spaceId: string } }[];
        const sure = rows.filter(({ decision }) => decision === "ALLOWED");
        const shown = new Set(sure.map(({ node }) => `space ${node.spaceId}`));
        const expected = this.#scene.spaces.flatMap((target): [string, boolean][] => {
          const reads = this.#wouldRead(number, target)(still);
          return reads === null ? [] : [[`space ${1000 + target}`, reads]];
        });
        const faults = compareList(new Map(expected), shown, it.effectiveAccess.completeness.isComplete);
        const unsure = rows.filter(({ decision }) => decision === "UNKNOWN").map(({ node }) => node.spaceId);
        // Whoever looks for the cause has to know whether they are missing, or not sure.
        return faults.map((fault) => (unsure.length === 0 ? fault : `${fault}; UNKNOWN: ${unsure.join(" ")}`));
      },
    };
  }

  /** The change that turns a fact round, or makes sure of it where nobody knows. */
  change({ kind, account, target }: OwnedFact, gives: boolean, requestId: string) {
    const verb = gives ? "grant" : "revoke";
    const ids = this.#ids;
    const document =
      kind === "access"
        ? `mutation Access { it: ${verb}SpaceAccess(input: { space: "${ids.space(target)}", principal: "${ids.account(account)}", permissions: [{ operation: "read", target: "space" }], requestId: "${requestId}" }) { outcome userErrors { code } } }`
        : `mutation Membership { it: ${verb}GroupMembership(input: { group: "${ids.group(groupId(target))}", accounts: ["${ids.account(account)}"], requestId: "${requestId}" }) { changes { outcome } userErrors { code } } }`;
    return document;
  }
}

function anyOf<T>(from: readonly T[], random: Random): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error("Nothing to choose from.");
  return found;
}

function sameText(told: unknown, so: string): string[] {
  return told === so || told === null ? [] : [`says ${String(told)} for ${so}`];
}

function only(facts: ReadonlyMap<string, boolean>, kind: string): [string, boolean][] {
  return [...facts].filter(([name]) => name.startsWith(`${kind} `));
}
