import type { Revocation } from "../review/decisions.ts";
import { summarize } from "../review/ways.ts";
import { Trust } from "../trust/Trust.tsx";
import { Faults } from "./Faults.tsx";
import type { Answer } from "./ImpactDialog.tsx";

interface ImpactProps {
  readonly answer: Answer;
  readonly revocations: readonly Revocation[];
  readonly space: string;
}

const words: Readonly<Record<string, string>> = {
  GAINED: "gains",
  LOST: "loses",
  MAY_GAIN: "may gain",
  MAY_LOSE: "may lose",
};

/** Who would lose what, in this space and, by memberships, in others. */
export function Impact({ answer, revocations, space }: ImpactProps) {
  const effects = answer.preview?.effects ?? [];
  const here = effects.filter((effect) => effect.space.id === space);
  const elsewhere = effects.filter((effect) => effect.space.id !== space);
  return (
    <>
      <Faults of={answer} revocations={revocations} />
      {answer.preview && <Trust of={answer.preview.completeness} what="this preview" />}
      {answer.preview && effects.length === 0 && <p>Nobody would lose anything: other ways give them the same.</p>}
      <Effects title="In this space" effects={here} />
      <Effects title="And in other spaces, by the same memberships" effects={elsewhere} isElsewhere />
    </>
  );
}

interface EffectsProps {
  readonly title: string;
  readonly effects: NonNullable<Answer["preview"]>["effects"];
  readonly isElsewhere?: boolean;
}

function Effects({ title, effects, isElsewhere = false }: EffectsProps) {
  if (effects.length === 0) return null;
  return (
    <section className="effects">
      <h3>{title}</h3>
      <ul>
        {effects.map(({ account, space, permissions }) => (
          <li key={(account?.id ?? "") + space.id}>
            <strong>{account?.displayName ?? account?.accountId ?? "the new account"}</strong>
            {isElsewhere && ` in ${space.name ?? space.key}`}{" "}
            {[...new Set(permissions.map(({ effect }) => effect))]
              .map((effect) => {
                const these = permissions.filter((each) => each.effect === effect);
                return `${words[effect] ?? effect} ${summarize(these.map(({ permission }) => permission))}`;
              })
              .join("; ")}
          </li>
        ))}
      </ul>
    </section>
  );
}
