import { type Bytes, equalBytes, toBase64Url } from "../../src/e2ee/bytes.js";
import { deviceKeyOf, generateDeviceKey } from "../../src/e2ee/identity/device-key.js";
import type { AdoptedEpoch, PreparedCommit } from "../../src/e2ee/mls/engine.js";
import { TsMlsEngine } from "../../src/e2ee/mls/ts-mls-engine.js";

export const groupId = new TextEncoder().encode("group of the test") as Bytes;

export interface Member {
  readonly dev: string;
  engine: TsMlsEngine;
  epoch: AdoptedEpoch | undefined;
}

export async function openEngine(sub: string, dev: string): Promise<TsMlsEngine> {
  const device = deviceKeyOf(await generateDeviceKey());
  const identity = { sub, dev };
  return await TsMlsEngine.open({ identity, device, minIdentity: () => 0, identityLevel: async () => 0 });
}

/** A room and its delivery service in one: gives out the last GroupInfo, puts commits in order, hands them to everybody. */
export class TestGroup {
  readonly members: Member[] = [];
  groupInfo: Bytes = new Uint8Array();
  #count = 0;

  async newMember(dev = `d${this.#count++}`): Promise<Member> {
    return { dev, engine: await openEngine(`u-${dev}`, dev), epoch: undefined };
  }

  get mlsEpoch(): number {
    return this.members[0]?.epoch?.mlsEpoch ?? -1;
  }

  leafOf(member: Member): number {
    return member.epoch?.ownLeaf ?? -1;
  }

  async create(): Promise<Member> {
    const member = await this.newMember();
    const prepared = await member.engine.create(groupId);
    this.members.push(member);
    await this.deliver(prepared, []);
    return member;
  }

  async join(member?: Member): Promise<Member> {
    const joiner = member ?? (await this.newMember());
    const { groupInfo, mlsEpoch } = this;
    const prepared = await joiner.engine.join({ groupId, groupInfo, mlsEpoch });
    const present = this.members.includes(joiner);
    if (!present) this.members.push(joiner);
    await this.deliver(prepared, []);
    return joiner;
  }

  async remove(committer: Member, gone: readonly Member[]): Promise<PreparedCommit> {
    const leaves = gone.map(member => this.leafOf(member));
    const prepared = await committer.engine.commit(leaves);
    for (const member of gone) this.members.splice(this.members.indexOf(member), 1);
    await this.deliver(prepared, leaves);
    return prepared;
  }

  async rekey(committer: Member): Promise<void> {
    await this.deliver(await committer.engine.commit([]), []);
  }

  async deliver(prepared: PreparedCommit, removes: readonly number[]): Promise<void> {
    const { commit, tag } = prepared;
    for (const member of this.members) member.epoch = await member.engine.process({ commit, tag, removes });
    this.groupInfo = prepared.groupInfo;
  }

  /** What must hold after every commit: one epoch, one key, one tag, one roster, and everybody on a leaf of their own. */
  disagreement(): string | undefined {
    const first = this.members[0]?.epoch;
    if (first === undefined) return "nobody is in";
    if (first.roster.size !== this.members.length) return "the roster is not the members";
    for (const member of this.members) {
      const { epoch } = member;
      if (epoch === undefined || epoch.mlsEpoch !== first.mlsEpoch) return `${member.dev} has another epoch`;
      if (!equalBytes(epoch.baseKey, first.baseKey)) return `${member.dev} has another key`;
      if (!equalBytes(epoch.tag, first.tag)) return `${member.dev} has another tag`;
      if (epoch.roster.get(epoch.ownLeaf)?.identity.dev !== member.dev)
        return `${member.dev} has another's leaf`;
      if (rosterText(epoch) !== rosterText(first)) return `${member.dev} sees another roster`;
    }
    return undefined;
  }
}

function rosterText({ roster }: AdoptedEpoch): string {
  return [...roster.values()]
    .map(
      ({ leaf, identity, publicKey }) => `${leaf} ${identity.sub} ${identity.dev} ${toBase64Url(publicKey)}`,
    )
    .sort()
    .join("\n");
}
