import { Field, ObjectType } from "type-graphql";
import { knownOperations, type Operation, type OperationSource as Source } from "../../domain/Operation.js";
import { compareText } from "../../domain/textOrder.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { defineEnum } from "./defineEnum.js";

const OperationSource = defineEnum<Source | "CATALOGUE">("OperationSource", "From where an operation is known.", {
  CATALOGUE: "This graph knows it: from Atlassian's documents, or from answers of live sites.",
  ROLE: "A role definition of the site, that was read, gives it.",
  GRANT: "A grant of the site, that was read, gives it.",
});

@ObjectType("SiteOperation", {
  simpleResolvers: true,
  description:
    "An operation that is known of a site: what `GrantFilter.operations` and `GrantFilter.targets` take. The set is open.",
})
export class SiteOperationNode {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`." })
  readonly operation: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`." })
  readonly target: string;

  @Field(() => String, {
    nullable: true,
    description: "What it lets people do; null for one that was only seen in answers of the site.",
  })
  readonly meaning: string | null;

  @Field(() => OperationSource, { description: "From where it is known." })
  readonly source: string;

  @Field(() => Boolean, { description: "Whether Atlassian's documents describe it." })
  readonly isDescribed: boolean;

  constructor(
    { key, target }: Operation,
    known: { readonly meaning: string | null; readonly source: string; readonly isDescribed: boolean },
  ) {
    this.operation = key;
    this.target = target;
    this.meaning = known.meaning;
    this.source = known.source;
    this.isDescribed = known.isDescribed;
  }
}

/** The operations known of a site, ordered: those of the catalogue, and what was seen so far in what was read. No call. */
export function siteOperations({ site, seenOperations }: SiteStore): SiteOperationNode[] {
  const nameOf = ({ key, target }: Operation) => `${key}/${target}`;
  const nodes = new Map<string, SiteOperationNode>();
  for (const { source, ...operation } of seenOperations.all()) {
    nodes.set(nameOf(operation), new SiteOperationNode(operation, { meaning: null, source, isDescribed: false }));
  }
  for (const known of knownOperations[site.deployment]) {
    nodes.set(nameOf(known), new SiteOperationNode(known, { ...known, source: OperationSource.CATALOGUE }));
  }
  return [...nodes].sort(([left], [right]) => compareText(left, right)).map(([, node]) => node);
}
