/** The processes that a run starts: each by itself, so that one's garbage is not another's pause. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const started = new Set();

/** Only what a program needs of the environment: settings of whoever runs this must not reach the servers. */
function bareEnvironment() {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, SystemRoot }).filter(([, value]) => value !== undefined),
  );
}

/**
 * Starts a Node program and waits until its standard output matches; the match is in the answer. What it says on standard error is
 * shown where it ends before that, or goes nowhere at all: a pipe would cost whoever logs, and whoever reads it.
 */
export async function startProgram(args, { env = {}, ready, ipc = false, isSilent = false }) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...bareEnvironment(), NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", isSilent ? "ignore" : "pipe", ...(ipc ? ["ipc"] : [])],
  });
  started.add(child);
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  let lastWords = "";
  const hear = (chunk) => {
    lastWords = (lastWords + chunk).slice(-2_000);
  };
  child.stderr?.on("data", hear);
  const match = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      if (text.length > 100_000) return;
      text += chunk;
      const found = ready.exec(text);
      if (found !== null) resolve(found);
    });
    ended.then((code) => reject(new Error(`${args.join(" ")} ended with ${code} before it was ready.\n${lastWords}`)));
  });
  child.stderr?.off("data", hear);
  child.stderr?.resume();
  return {
    child,
    pid: child.pid,
    match,
    readyMs: performance.now() - began,
    async stop() {
      started.delete(child);
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

process.once("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});
// Without these the end would pass the children by.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

/** The built server as a user starts it, over a site or, without one, over its own sandbox. */
export function startOurs(site, env = {}, nodeOptions = [], { ipc = false } = {}) {
  const over =
    site === null
      ? {}
      : {
          CONFLUENCE_URL: site.url,
          CONFLUENCE_DEPLOYMENT: "cloud",
          CONFLUENCE_EMAIL: "admin@sandbox.test",
          CONFLUENCE_API_TOKEN: "sandbox-token",
        };
  return startProgram([...nodeOptions, "dist/main.js"], {
    env: { ...over, PORT: "0", ...env },
    ready: /GraphQL\s+(\S+)/,
    ipc,
    isSilent: true,
  }).then((program) => ({ ...program, url: program.match[1] }));
}

/** The processor time that a process took so far, in milliseconds; `null` where the system does not tell. In steps of 10 ms. */
export function cpuMsOf(pid) {
  const text = readSystemFile(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The name in brackets may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process in mebibytes, now and at most; `null` where the system does not tell. */
export function memoryOf(pid) {
  const text = readSystemFile(`/proc/${pid}/status`);
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text ?? "")?.[1] ?? Number.NaN);
  const megabytes = (name) => (Number.isNaN(kilobytes(name)) ? null : Math.round(kilobytes(name) / 1_024));
  return { nowMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM") };
}

function readSystemFile(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
