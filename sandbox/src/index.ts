// What others may have of the sandbox. They reach it by HTTP; this is for whoever starts one in a process of its own.
export { runCommand } from "./command/runCommand.js";
export { type RunningDataCenter, type RunningSandbox, type SandboxOptions, startSandbox } from "./startSandbox.js";
export { defaultWorld } from "./world/generation/defaultWorld.js";
export { generateWorld } from "./world/generation/generateWorld.js";
export { loadWorld, parseWorld } from "./world/loadWorld.js";
export { InvalidWorld, type World } from "./world/World.js";
