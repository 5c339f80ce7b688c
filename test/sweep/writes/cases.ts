import { z } from "zod";
import type { Deployment } from "../deployments.js";
import type { WorldFacts } from "./worldFacts.js";

/** What one change asks for: whether it is so is read off the sandbox's world. */
export interface Wanted {
  readonly isSo: (facts: WorldFacts) => boolean;
  /** Of what else may change with it: facts of the same subject. */
  readonly touches: RegExp;
}

/** A mutation in a situation. */
export interface WriteCase {
  readonly name: string;
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly wanted: readonly Wanted[];
  /** What it answers without a fault, a word for each change. */
  readonly answers: readonly string[];
}

/** The mutations of this graph, and what of their answers is compared. */
const one = "outcome userErrors { code message }";
const many = `changes { ${one} } userErrors { code message }`;
export const mutations: Readonly<Record<string, { readonly type: string; readonly selection: string }>> = {
  grantSpaceAccess: { type: "GrantSpaceAccessInput", selection: one },
  revokeSpaceAccess: { type: "RevokeSpaceAccessInput", selection: one },
  grantGroupMembership: { type: "GrantGroupMembershipInput", selection: many },
  revokeGroupMembership: { type: "RevokeGroupMembershipInput", selection: many },
  revokeGrants: { type: "RevokeGrantsInput", selection: many },
  applyAccessChanges: { type: "ApplyAccessChangesInput", selection: many },
  provisionAccount: { type: "ProvisionAccountInput", selection: `${one} changes { ${one} }` },
  suspendAccount: { type: "SuspendAccountInput", selection: one },
  restoreAccount: { type: "RestoreAccountInput", selection: one },
  removeAccount: { type: "RemoveAccountInput", selection: one },
  updateAccount: { type: "UpdateAccountInput", selection: one },
  createGroup: { type: "CreateGroupInput", selection: one },
  deleteGroup: { type: "DeleteGroupInput", selection: one },
};

export function documentOf(mutation: string): string {
  const { type, selection } = mutations[mutation] ?? { type: "", selection: "" };
  return `mutation ($input: ${type}!) { it: ${mutation}(input: $input) { ${selection} } }`;
}

const change = z.object({ outcome: z.string(), userErrors: z.array(z.object({ code: z.string() })) });
const payload = change.partial({ outcome: true }).extend({ changes: z.array(change).nullish() });
const answer = z.object({ it: payload.nullish() }).nullish();

/** What a mutation made here answered; `null` where that is nothing. */
export function payloadIn(data: unknown): z.infer<typeof payload> | null {
  return answer.parse(data)?.it ?? null;
}

export const holds =
  (...wanted: readonly string[]) =>
  (facts: WorldFacts) =>
    wanted.every((fact) => facts.has(fact));
export const lacks =
  (...wanted: readonly string[]) =>
  (facts: WorldFacts) =>
    wanted.every((fact) => !facts.has(fact));

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export const isCloud = ({ credential }: Deployment) => credential !== "personal-access-token";
