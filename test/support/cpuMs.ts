/**
 * The processor's time that a piece of work takes, the least of several runs: what other programs of the machine take meanwhile
 * is not in it. Compare two of them, and never one with a number: machines differ.
 */
export function cpuMs(work: () => void, runs = 3): number {
  const taken = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...taken);
}
