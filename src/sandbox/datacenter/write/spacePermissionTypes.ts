import type { Operation } from "../state/PermissionRow.js";

/** The fourteen permissions of a space: what JSON-RPC calls each, and what REST does. */
export const spacePermissionTypes: ReadonlyMap<string, Operation> = new Map([
  ["VIEWSPACE", { operationKey: "read", targetType: "space" }],
  ["EDITSPACE", { operationKey: "create", targetType: "page" }],
  ["REMOVEPAGE", { operationKey: "delete", targetType: "page" }],
  ["EDITBLOG", { operationKey: "create", targetType: "blogpost" }],
  ["REMOVEBLOG", { operationKey: "delete", targetType: "blogpost" }],
  ["COMMENT", { operationKey: "create", targetType: "comment" }],
  ["REMOVECOMMENT", { operationKey: "delete", targetType: "comment" }],
  ["CREATEATTACHMENT", { operationKey: "create", targetType: "attachment" }],
  ["REMOVEATTACHMENT", { operationKey: "delete", targetType: "attachment" }],
  ["REMOVEOWNCONTENT", { operationKey: "delete_own", targetType: "space" }],
  ["REMOVEMAIL", { operationKey: "delete_mail", targetType: "space" }],
  ["EXPORTSPACE", { operationKey: "export", targetType: "space" }],
  ["SETPAGEPERMISSIONS", { operationKey: "restrict", targetType: "space" }],
  ["SETSPACEPERMISSIONS", { operationKey: "administer", targetType: "space" }],
]);
