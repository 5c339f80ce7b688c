import { FindingNode, FindingPageFields } from "../access/FindingNode.js";
import { AccountNode } from "../account/AccountNode.js";
import { GrantEdgeFields, GrantNode } from "../grant/GrantNode.js";
import { GroupMemberNode, GroupNode } from "../group/GroupNode.js";
import { SpaceNode, SpaceRoleNode } from "../space/SpaceNode.js";
import { defineConnection } from "./Page.js";

export const AccountConnection = defineConnection("Account", () => AccountNode);
export const GroupMemberConnection = defineConnection("GroupMember", () => GroupMemberNode);
export const GroupConnection = defineConnection("Group", () => GroupNode);
export const SpaceConnection = defineConnection("Space", () => SpaceNode);
export const GrantConnection = defineConnection("Grant", () => GrantNode, { edge: GrantEdgeFields });
export const SpaceRoleConnection = defineConnection("SpaceRole", () => SpaceRoleNode);
export const FindingConnection = defineConnection("AccessFinding", () => FindingNode, { page: FindingPageFields });
