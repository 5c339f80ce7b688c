/** The sandbox's package stands beside the server's and is no part of it: an image for real sites is made without it. */
const packageName = "confluence-access-graph-sandbox";

/** The sandbox is wanted, and its package is not there; the message says what to do. */
export class SandboxAbsent extends Error {
  override readonly name = "SandboxAbsent";
}

/**
 * The sandbox's package, loaded when it is first needed.
 * @throws {SandboxAbsent} where it is not installed; `otherwise` says what else could be done.
 */
export async function loadSandbox(otherwise = "") {
  try {
    return await import("confluence-access-graph-sandbox");
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const also = otherwise === "" ? "" : `${otherwise} `;
    throw new SandboxAbsent(
      `${also}The made-up Confluence is a package of its own, ${packageName}, which is not installed here: install its packed file beside this one's.`,
    );
  }
}

function isAbsent(error: unknown): boolean {
  const isUnfound = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  return isUnfound && error.message.includes(`'${packageName}'`);
}
