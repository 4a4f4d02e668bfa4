import { equalBytes } from "../../src/e2ee/bytes.js";
import { seeded } from "./bytes.js";
import { groupId, type Member, openEngine, TestGroup } from "./mls-group.js";

const maxMembers = 12;

/** Random creation, joins, resyncs, removals and rekeys; throws with seed and round when members disagree. */
export async function churn(seed: number, rounds: number): Promise<number> {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const group = new TestGroup();
  await group.create();
  let lastKey = group.members[0]?.epoch?.baseKey.slice();
  for (let round = 0; round < rounds; round++) {
    const action = await step(group, random, pick).catch(error => {
      throw new Error(`seed ${seed}, round ${round}: ${error}`, { cause: error });
    });
    const wrong = group.disagreement();
    if (wrong !== undefined) throw new Error(`seed ${seed}, round ${round}, after ${action}: ${wrong}`);
    const key = group.members[0]?.epoch?.baseKey;
    if (key === undefined || lastKey === undefined || equalBytes(key, lastKey))
      throw new Error(`seed ${seed}, round ${round}: ${action} left the key as it was`);
    lastKey = key.slice();
  }
  return group.mlsEpoch;
}

async function step(
  group: TestGroup,
  random: () => number,
  pick: <T>(from: readonly T[]) => T,
): Promise<string> {
  const dice = random();
  const { members } = group;
  if (members.length === 1 || (dice < 0.4 && members.length < maxMembers)) {
    await group.join();
    return "a join";
  }
  if (dice < 0.55) {
    await resync(group, pick(members), random() < 0.5);
    return "a resync";
  }
  if (dice < 0.8) {
    const committer = pick(members);
    const others = members.filter(member => member !== committer);
    const gone = others.filter(() => random() < 0.3);
    await group.remove(committer, gone.length > 0 ? gone : [pick(others)]);
    return "a removal";
  }
  await group.rekey(pick(members));
  return "a rekey";
}

/** The device lost its state, perhaps its key too: the same member comes in anew in place of its older leaf. */
async function resync(group: TestGroup, member: Member, withNewKey: boolean): Promise<void> {
  if (group.members.length === 1) {
    await group.rekey(member);
    return;
  }
  if (withNewKey) member.engine = await openEngine(`u-${member.dev}`, member.dev);
  const { groupInfo, mlsEpoch } = group;
  await group.deliver(await member.engine.join({ groupId, groupInfo, mlsEpoch }), []);
}
