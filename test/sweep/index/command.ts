import { parseArgs } from "node:util";
import { crawlSite, describePage } from "./sweepIndex.js";

const usage = `Crawls small generated sites into the access index, whole and then without each page in each way, and prints what the whole
index decides otherwise than the site is, and what turns from ALLOWED to DENIED or back without a page.

  npm run sweep:index -- [options]

  --worlds N     how many sites (16)
  --seed N       the first (1); the others follow it
  --fault TEXT   only faults whose name holds TEXT ("404", "later page")
  --route TEXT   only calls whose name holds TEXT ("membersByGroupId")
  --whole        no page missing
`;

const options = {
  worlds: { type: "string", default: "16" },
  seed: { type: "string", default: "1" },
  fault: { type: "string", default: "" },
  route: { type: "string", default: "" },
  whole: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What `npm run sweep:index` does; resolves with the exit code. */
export async function sweepIndexCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  let [count, failed, idle] = [0, 0, 0];
  const report = (name: string, wrong: readonly string[]) => {
    count += 1;
    if (wrong.length === 0) return;
    failed += 1;
    print([name, ...wrong.map((each) => `  ${each}`)].join("\n"));
  };
  const first = Number(values.seed);
  for (let seed = first; seed < first + Number(values.worlds); seed += 1) {
    const site = await crawlSite(seed);
    try {
      report(site.name, site.untrue);
      const pages = site.pages.filter(
        ({ fault, line }) => fault.name.includes(values.fault) && line.route.includes(values.route),
      );
      for (const missing of values.whole ? [] : pages) {
        const { flips, isIdle } = await site.crawlWithout(missing);
        if (isIdle) idle += 1;
        report(`${site.name}: ${describePage(missing)}${isIdle ? " (nothing came for it)" : ""}`, flips);
      }
    } finally {
      await site.close();
    }
  }
  print(`${count} crawls, ${failed} failed, ${idle} where nothing came for the fault`);
  return failed === 0 ? 0 : 1;
}
