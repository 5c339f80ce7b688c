import type { DataCenterPermission } from "../../world/World.js";

type Operation = DataCenterPermission["operation"];

function operations(...names: string[]): readonly Operation[] {
  return names.map((name) => {
    const [operationKey = "", targetType = ""] = name.split("/");
    return { operationKey, targetType };
  });
}

const viewing = operations("read/space");
const commenting = [...viewing, ...operations("create/comment", "delete_own/space")];
const editing = [...commenting, ...operations("create/page", "create/blogpost", "create/attachment")];
const maintaining = [
  ...editing,
  ...operations("delete/page", "delete/blogpost", "delete/comment", "delete/attachment", "restrict/space"),
];

/** What people of one kind usually hold in a space. */
export const dataCenterProfiles = {
  viewing,
  commenting,
  editing,
  maintaining,
  /** All fourteen permissions there are. */
  administering: [...maintaining, ...operations("export/space", "delete_mail/space", "administer/space")],
  /** An operation that is in no document and in real answers. */
  undocumented: [...viewing, ...operations("export/page")],
} satisfies Record<string, readonly Operation[]>;
