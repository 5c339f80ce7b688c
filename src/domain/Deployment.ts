/** Where a Confluence runs. */
export type Deployment = "cloud" | "datacenter";
