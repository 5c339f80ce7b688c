import { defineConnection } from "../paging/defineConnection.js";
import { AccountNode } from "./AccountNode.js";
import { GrantNode } from "./GrantNode.js";
import { GroupMemberNode } from "./GroupMemberNode.js";
import { GroupNode } from "./GroupNode.js";
import { SpaceNode } from "./SpaceNode.js";
import { SpaceRoleNode } from "./SpaceRoleNode.js";

export const AccountConnection = defineConnection("Account", () => AccountNode);
export const GroupMemberConnection = defineConnection("GroupMember", () => GroupMemberNode);
export const GroupConnection = defineConnection("Group", () => GroupNode);
export const SpaceConnection = defineConnection("Space", () => SpaceNode);
export const GrantConnection = defineConnection("Grant", () => GrantNode);
export const SpaceRoleConnection = defineConnection("SpaceRole", () => SpaceRoleNode);
