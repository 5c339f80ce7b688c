/** Where the nodes of a connection stand below its field. */
export const connectionPaths = [["nodes"], ["edges", "node"]] as const;
