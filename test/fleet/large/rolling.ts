import { setTimeout as pause } from "node:timers/promises";
import type { Ways } from "../../soak/Client.js";
import { Balancer } from "./Balancer.js";
import { type Company, openCompany } from "./Company.js";
import type { LargeOptions } from "./command.js";
import { untilIndexed } from "./startFleet.js";

const lifetimes = ["ACCOUNTS", "GROUPS", "SPACES", "MEMBERSHIPS", "GRANTS", "ROLES"].map((of) => `CACHE_TTL_${of}`);

/** All processes replaced one after the other behind a balancer, while clients ask, and again while they change as well. */
export async function updateOneByOne({ processes, clients, engine, seed, ms, print }: LargeOptions): Promise<string[]> {
  // Nothing that was read gets old meanwhile: what is read again is read by whoever did not take over what others had.
  const settings = Object.fromEntries(lifetimes.map((name) => [name, "3600"]));
  const company = await openCompany({ processes, clients, engine, rate: null, changes: 5, thinkMs: 300, settings });
  const balancer = new Balancer();
  const found: string[] = [];
  try {
    await balancer.listen();
    balancer.serve(company.members());
    const ways = throughBalancer(balancer, company.ways);
    const partMs = ms / 4;
    await company.run(`${seed}/warm`, () => pause(partMs), { ways, changes: 0 });
    for (const member of company.members()) await untilIndexed(member, company.headersOf(0));
    await company.site.takeCalls();
    const calm = await company.run(`${seed}/calm`, () => pause(partMs), { ways, changes: 0, fresh: 0 });
    const before = await company.site.takeCalls();
    const began = performance.now();
    const reading = await company.run(`${seed}/reading`, () => replaceAll(company, balancer, found), {
      ...{ ways, changes: 0, fresh: 0 },
    });
    for (const member of company.members()) await untilIndexed(member, company.headersOf(0));
    const after = await company.site.takeCalls();
    print(
      `replaced in ${Math.round(performance.now() - began)} ms: ${reading.operations} operations, ${after.count} calls upstream (${before.count} in ${Math.round(partMs)} ms before)`,
    );
    const [partsBefore, partsAfter] = [before, after].map(({ paths }) => partsIn(paths));
    print(`parts of the index that were read meanwhile: ${partsAfter?.size}, before ${partsBefore?.size}`);
    const all = company.scene.spaces.length + company.scene.groups.length;
    if ((partsAfter?.size ?? 0) > all / 10 + (partsBefore?.size ?? 0))
      found.push(`a second crawl: ${partsAfter?.size} of ${all} parts were read again`);
    const changing = await company.run(`${seed}/changing`, () => replaceAll(company, balancer, found), { ways });
    print(`and while they change: ${changing.operations} operations, ${changing.quantile("change", 0.99)} ms`);
    for (const tally of [calm, reading, changing]) for (const line of tally.lines()) print(line);
    return [...found, ...(await company.judge([calm, reading, changing], print))];
  } finally {
    balancer.close();
    await company.close();
  }
}

/** Each client by the balancer, which has no answers to lose. */
function throughBalancer(balancer: Balancer, ways: Ways): Ways {
  return {
    next: (asking, random) => ({ ...ways.next(asking, random), url: balancer.url, mayLose: () => false }),
    changed: (fact, headers) => ways.changed(fact, headers),
  };
}

/** As a rolling update does: one more, until it is ready, then one less. */
async function replaceAll(company: Company, balancer: Balancer, found: string[]): Promise<void> {
  for (const old of company.members()) {
    const fresh = await company.start();
    company.setMembers([...company.members(), fresh]);
    balancer.serve(company.members());
    while (!balancer.isReady(fresh)) await pause(20);
    await pause(1_000);
    const code = await old.end();
    if (code !== 0) found.push(`a process that was asked to end did so with ${code}`);
    company.setMembers(company.members().filter((member) => member !== old));
    balancer.serve(company.members());
  }
}

/** Which parts of the index these calls read. */
function partsIn(paths: readonly string[]): ReadonlySet<string> {
  return new Set(
    paths.flatMap((path) => /spaces\/\d+\/permissions|group\/[\w-]+\/membersByGroupId/.exec(path)?.[0] ?? []),
  );
}
