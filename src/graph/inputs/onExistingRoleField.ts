import { OnExistingRole } from "../types/changeEnums.js";

/** The same wherever a role can be granted. */
export const onExistingRoleField = {
  defaultValue: OnExistingRole.REFUSE,
  description: "With `role`: what happens where the principal holds another role there. It can have one at most.",
};
