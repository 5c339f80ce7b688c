import type { World } from "../../sandbox/src/world/World.js";

/** Every permission of every space of the sandbox's Data Center half, as `ENG user 2c95… read/space`, in the order granted. */
export function permissionsIn({ dataCenter }: World): string[] {
  const nameOf = new Map((dataCenter?.users ?? []).map(({ username, userKey }) => [username, userKey]));
  return (dataCenter?.spaces ?? []).flatMap(({ key, permissions }) =>
    permissions.map(({ subject, operation }) => {
      const holder = subject.userKey ?? nameOf.get(subject.name ?? "") ?? subject.name ?? "";
      const name = [subject.type, holder].join(" ").trimEnd();
      return `${key} ${name} ${operation.operationKey}/${operation.targetType}`;
    }),
  );
}
