/** Which of the sandbox's two Confluences. */
export type Deployment = "cloud" | "datacenter";
