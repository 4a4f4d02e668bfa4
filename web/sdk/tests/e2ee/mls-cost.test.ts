import { cpuUsage } from "node:process";
import { expect, it } from "vitest";
import { groupId, openEngine } from "./mls-group.js";

/** `MLS_COST=200 npx vitest run tests/e2ee/mls-cost.test.ts`: what the simulator's large room is told that computing takes. */
const members = Number(process.env.MLS_COST ?? 0);

it.skipIf(members === 0)("what commits cost in a large group", { timeout: 600_000 }, async () => {
  const costs: Record<string, number[]> = { join: [], process: [], commit: [] };
  const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    const before = cpuUsage();
    const result = await run();
    const { user, system } = cpuUsage(before);
    costs[what]?.push((user + system) / 1_000);
    return result;
  };
  const first = await openEngine("u", "first");
  let last = await first.create(groupId);
  let witness = first;
  for (let index = 1; index < members; index++) {
    witness = await openEngine("u", `d${index}`);
    last = await witness.join({ groupId, groupInfo: last.groupInfo, mlsEpoch: index - 1 });
  }
  await witness.process({ ...last, removes: [] });
  for (let index = 0; index < 25; index++) {
    const joiner = await openEngine("u", `late${index}`);
    const { groupInfo } = last;
    last = await timed("join", () => joiner.join({ groupId, groupInfo, mlsEpoch: members - 1 + index }));
    await timed("process", () => witness.process({ ...last, removes: [] }));
  }
  for (let index = 0; index < 10; index++) {
    const own = await timed("commit", () => witness.commit([]));
    await witness.process({ ...own, removes: [] });
  }
  for (const [what, ms] of Object.entries(costs)) {
    const sorted = ms.sort((one, other) => one - other);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    console.log(
      `${what} at ${members} members: ${middle.toFixed(0)} ms of CPU, at best ${sorted[0]?.toFixed(0)}`,
    );
  }
  expect(witness.mlsEpoch).toBe(members + 34);
});
